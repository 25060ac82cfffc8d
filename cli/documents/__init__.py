"""What is written in docs/ by program: the reference of the pathways, and the answers in the tutorial."""
