"""The parts of `pathways.text`: words, phrases, sentences and documents."""
