"""Logic, comparison, choice and guards."""

from __future__ import annotations

from pathways.language import (
    Bool,
    Code,
    Codes,
    Outcome,
    any_of,
    case,
    code,
    day,
    events,
    fact,
    no,
    nothing,
    number,
    setting,
    undetermined,
    unknown,
    yes,
)
from pathways.settings import Settings
from tests.engine.meaning.rows import (
    GONE,
    Row,
    absent_bool,
    absent_code,
    absent_codes,
    absent_date,
    absent_number,
    missing_bool,
    missing_code,
    missing_codes,
    missing_date,
    missing_number,
)
from tests.engine.telling import d, told

JAN, FEB = day(d("2025-01-01")), day(d("2025-02-01"))
TOLD = (
    told("e1", "counselling_documented", "2025-01-01", topics=("os_benefit_unknown", "alternatives")),
    told("e2", "counselling_documented", "2025-01-02", topics=()),
    told("e3", "counselling_documented", "2025-01-03", topics=None),
    told("e4", "counselling_documented", "2025-01-02", topics=("alternatives", "os_benefit_unknown")),
)
topics = events("counselling_documented").first().codes("topics")
unknown_code = Code.make("constant", value=None)
counselled = events("counselling_documented")
none_told = counselled.where(lambda e: e.id.equals("e2")).first().codes("topics")
turned = counselled.where(lambda e: e.id.equals("e4")).first().codes("topics")
not_told = counselled.latest().codes("topics")


def outcome(*lifted_then_clauses: Bool) -> Outcome:
    return Outcome.make("outcome", *lifted_then_clauses)


def is_a(topic: Code) -> Bool:
    return topic.equals("alternatives")


about_alternatives = topics.any(is_a)
about_both = topics.all(lambda t: t.one_of("alternatives", "os_benefit_unknown"))

ROWS = (
    # constants and the patient
    Row("constant", "a day", JAN, d("2025-01-01")),
    Row("constant", "unknown", unknown(), None),
    Row("undetermined", "unknown to everybody", undetermined("C10"), None),
    Row("setting", "the default", setting.number("response_min_months"), 3),
    Row(
        "setting",
        "as chosen",
        setting.code("definition_profile"),
        "esmo",
        settings=Settings.from_overrides({"definition_profile": "esmo"}),
    ),
    Row("named", "what it names", topics.named("the topics"), TOLD[0].fields["topics"], TOLD),
    Row("variable", "the element of a quantifier", yes() & topics.any(is_a), True, TOLD),
    # logic beyond the truth tables
    Row("and", "false outranks unknown", missing_bool & no(), False),
    Row("and", "unknown otherwise", yes() & missing_bool, None),
    Row("and", "not there is false", yes() & absent_bool, False),
    Row("or", "true outranks unknown", missing_bool | yes(), True),
    Row("or", "unknown otherwise", no() | missing_bool, None),
    Row("or", "not there is false", no() | absent_bool, False),
    Row("not", "unknown", ~missing_bool, None),
    Row("not", "not there", ~absent_bool, True),
    Row("sure", "unknown", missing_bool.sure(), False),
    Row("sure", "not there", absent_bool.sure(), False),
    Row("sure", "true", yes().sure(), True),
    Row("known", "unknown", missing_date.known(), False),
    Row("known", "not there", absent_date.known(), False),
    Row("known", "a value", JAN.known(), True),
    Row("known", "false is known", no().known(), True),
    Row("there", "unknown is recorded as unknown", missing_date.there(), True),
    Row("there", "not there", absent_date.there(), False),
    Row("there", "a value", JAN.there(), True),
    # choice
    Row("case", "the first true one", case((no(), JAN), (yes(), FEB), otherwise=JAN), d("2025-02-01")),
    Row("case", "unknown condition first", case((missing_bool, JAN), (yes(), FEB), otherwise=JAN), None),
    Row(
        "case",
        "unknown condition after",
        case((yes(), JAN), (missing_bool, FEB), otherwise=JAN),
        d("2025-01-01"),
    ),
    Row("case", "not there is no condition", case((absent_bool, JAN), otherwise=FEB), d("2025-02-01")),
    Row("case", "unknown value", case((yes(), missing_date), otherwise=JAN), None),
    Row("case", "not there as value", case((yes(), absent_date), otherwise=JAN), GONE),
    Row("case", "otherwise", case((no(), JAN), otherwise=FEB), d("2025-02-01")),
    # comparison
    Row("equal", "the same", code("a").equals("a"), True),
    Row("equal", "another", code("a").equals("b"), False),
    Row("equal", "unknown", missing_code.equals("a"), None),
    Row("equal", "not there", absent_code.equals("a"), False),
    Row("equal", "not there outranks unknown", missing_date.equals(absent_date), False),
    Row("equal", "to what is unknown", code("a").equals(unknown_code), None),
    Row("equal", "not there outranks what is unknown", absent_code.equals(unknown_code), False),
    Row("at_least", "later", FEB >= JAN, True),
    Row("at_least", "the same day", JAN >= JAN, True),
    Row("at_least", "earlier", JAN >= FEB, False),
    Row("at_least", "unknown", missing_number.least(1), None),
    Row("at_least", "not there", absent_number.least(1), False),
    Row("above", "the same day", JAN > JAN, False),
    Row("above", "later", FEB > JAN, True),
    Row("above", "unknown", number(1) < missing_number, None),
    Row("above", "not there", number(1) < absent_number, False),
    Row("one_of", "among them", code("a").one_of("a", "b"), True),
    Row("one_of", "not among them", code("c").one_of("a", "b"), False),
    Row("one_of", "unknown", missing_code.one_of("a"), None),
    Row("one_of", "not there", absent_code.one_of("a"), False),
    Row("contains", "among them", topics.contains("alternatives"), True, TOLD),
    Row("contains", "not among them", topics.contains("registry_survival_figures"), False, TOLD),
    Row("contains", "none", none_told.contains("alternatives"), False, TOLD),
    Row("contains", "unknown list", not_told.contains("alternatives"), None, TOLD),
    Row("contains", "unknown item", topics.contains(missing_code), None, TOLD),
    Row("contains", "not there", absent_codes.contains("alternatives"), False),
    Row("contains", "not there as item", topics.contains(absent_code), False, TOLD),
    Row("overlaps", "one of them", topics.overlaps("x", "alternatives"), True, TOLD),
    Row("overlaps", "none of them", topics.overlaps("x", "y"), False, TOLD),
    Row("overlaps", "unknown", missing_codes.overlaps("x"), None),
    Row("overlaps", "not there", absent_codes.overlaps("x"), False),
    Row("within", "all of them", topics.within("alternatives", "os_benefit_unknown", "x"), True, TOLD),
    Row("within", "not all", topics.within("alternatives"), False, TOLD),
    Row("within", "none is within anything", none_told.within("x"), True, TOLD),
    Row("within", "unknown", missing_codes.within("x"), None),
    Row("within", "not there", absent_codes.within("x"), False),
    Row("differs", "another", JAN.differs(FEB), True),
    Row("differs", "the same", JAN.differs(JAN), False),
    Row("differs", "unknown", missing_date.differs(JAN), None),
    Row("differs", "from what is unknown", JAN.differs(missing_date), None),
    Row("differs", "not there", JAN.differs(absent_date), None),
    Row("differs", "the order of codes means nothing", topics.differs(turned), False, TOLD),
    Row("differs", "another list", topics.differs(none_told), True, TOLD),
    # quantifiers
    Row("any", "one", topics.any(is_a), True, TOLD),
    Row("any", "none", none_told.any(is_a), False, TOLD),
    Row("any", "unknown list", not_told.any(is_a), None, TOLD),
    Row("any", "unknown test", topics.any(lambda t: t.equals(missing_code)), None, TOLD),
    Row("any", "true outranks unknown", topics.any(lambda t: any_of(is_a(t), missing_bool)), True, TOLD),
    Row(
        "any",
        "within a filter that has another element at the same place",
        counselled.where(lambda e: about_alternatives & e.id.equals("e2")),
        ["e2"],
        TOLD,
    ),
    Row("any", "not there", absent_codes.any(is_a), False),
    Row("all", "each", topics.all(lambda t: t.one_of("alternatives", "os_benefit_unknown")), True, TOLD),
    Row("all", "not each", topics.all(is_a), False, TOLD),
    Row("all", "of none", none_told.all(is_a), True, TOLD),
    Row("all", "unknown list", not_told.all(is_a), None, TOLD),
    Row("all", "unknown test", topics.all(lambda t: t.equals(missing_code)), None, TOLD),
    Row("all", "false outranks unknown", topics.all(lambda t: is_a(t) & missing_bool), False, TOLD),
    Row(
        "all",
        "within a filter that has another element at the same place",
        counselled.where(lambda e: about_both & e.id.equals("e2")),
        ["e2"],
        TOLD,
    ),
    Row("all", "not there", absent_codes.all(is_a), True),
    # guards: not applicable, replaced, overruled, then the clauses
    Row("outcome", "every clause", outcome(no(), no(), no(), yes(), yes()), "pass"),
    Row("outcome", "one clause not", outcome(no(), no(), no(), yes(), no()), "fail"),
    Row("outcome", "unknown clause", outcome(no(), no(), no(), yes(), missing_bool), "unknown"),
    Row("outcome", "unknown and false", outcome(no(), no(), no(), no(), missing_bool), "fail"),
    Row("outcome", "not there as clause", outcome(no(), no(), no(), absent_bool), "fail"),
    Row("outcome", "not applicable outranks all", outcome(yes(), yes(), yes(), no()), "not_applicable"),
    Row("outcome", "replaced outranks overruled", outcome(no(), yes(), yes(), no()), "replaced"),
    Row("outcome", "overruled where it does not pass", outcome(no(), no(), yes(), no()), "overruled"),
    Row("outcome", "overruled although unknown", outcome(no(), no(), yes(), missing_bool), "overruled"),
    Row("outcome", "overruled only where it does not pass", outcome(no(), no(), yes(), yes()), "pass"),
    Row("outcome", "unknown does not lift", outcome(missing_bool, missing_bool, missing_bool, no()), "fail"),
    Row("passing", "pass", outcome(no(), no(), no(), yes()).passing(), True),
    Row("passing", "fail", outcome(no(), no(), no(), no()).passing(), False),
    Row("passing", "unknown", outcome(no(), no(), no(), missing_bool).passing(), None),
    Row("passing", "lifted", outcome(yes(), no(), no(), no()).passing(), True),
    Row("passing", "replaced", outcome(no(), yes(), no(), no()).passing(), True),
    Row("passing", "overruled", outcome(no(), no(), yes(), no()).passing(), True),
    Row("is_outcome", "it is", outcome(no(), no(), no(), no()).is_("fail"), True),
    Row("is_outcome", "it is not", outcome(no(), no(), no(), no()).is_("unknown"), False),
    # facts
    Row("fact", "as known from the beginning", fact.code("cN"), "cN1", facts={"cN": "cN1"}),
    Row("fact", "unknown where the world is open", fact.code("cN"), None),
    Row("fact", "unknown as a code is unknown", fact.code("sex"), None, facts={"sex": "unknown"}),
    Row("fact", "not there where the world is closed", fact.flag("imaging_history_reviewed"), GONE),
    Row(
        "fact",
        "the newest finding that states it counts from its day on",
        fact.flag("disease_stable"),
        False,
        (
            told("f2", "finding_recorded", "2025-02-01", disease_stable=False),
            told("f1", "finding_recorded", "2025-01-01", disease_stable=True),
            told("f3", "finding_recorded", "2025-03-01", ascites="none"),
        ),
        facts={"disease_stable": None},
    ),
    Row(
        "fact",
        "a finding of a later day does not count yet",
        fact.flag("disease_stable"),
        True,
        (told("f1", "finding_recorded", "2025-01-01", disease_stable=False),),
        as_of="2024-12-31",
        facts={"disease_stable": True},
    ),
    Row(
        "fact",
        "unknown since the newest finding",
        fact.flag("disease_stable"),
        None,
        (told("f1", "finding_recorded", "2025-01-01", disease_stable=None),),
        facts={"disease_stable": True},
    ),
    Row(
        "fact",
        "unknown as a finding says",
        fact.code("pleural_effusion"),
        None,
        (told("f1", "finding_recorded", "2025-01-01", pleural_effusion="unknown"),),
        facts={"pleural_effusion": "none"},
    ),
    Row("there", "not there: no event", nothing().there(), False),
    Row("known", "a list of codes", Codes.known(topics), True, TOLD),
    Row("exist", "of a type", counselled.exist(), True, TOLD),
)
