"""Made-up patients with courses along and off the pathways, and the truth about what is wrong in each."""
