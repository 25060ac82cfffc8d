"""The wording covers the vocabulary, and nothing else."""

from pathways.texts.wording import EVENTS, FIELDS, FLAGS, STATEMENTS
from pathways.vocabulary import FieldSet, load_vocabulary


def test_every_event_type_has_its_noun() -> None:
    assert set(EVENTS) == set(load_vocabulary().events)


def flags(fields: FieldSet) -> set[str]:
    inner = [flags(known.of) for known in fields.values() if known.of is not None]
    return {name for name, known in fields.items() if known.type == "boolean3"}.union(*inner)


def test_every_flag_has_its_wording() -> None:
    vocabulary = load_vocabulary()
    of_events = set[str]().union(*(flags(kind.fields) for kind in vocabulary.events.values()))
    assert of_events | flags(vocabulary.lesion) <= {*FLAGS, *STATEMENTS, *vocabulary.derived_facts}
    assert set(flags(vocabulary.facts)) <= set(STATEMENTS)
    assert all(text.count(" is ") == 1 for text in STATEMENTS.values())


def test_wording_is_only_for_what_the_vocabulary_has() -> None:
    vocabulary = load_vocabulary()
    names = {*vocabulary.facts, *vocabulary.lesion, *vocabulary.findings, *vocabulary.derived_facts}
    names |= {name for kind in vocabulary.events.values() for name in kind.fields}
    assert set(FIELDS) <= names
    assert set(FLAGS) <= names
    assert set(STATEMENTS) <= names
