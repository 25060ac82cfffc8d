"""What a pathway is: the words its authors write, the frozen graph they build, and the checks on it."""
