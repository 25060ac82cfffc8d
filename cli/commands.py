"""Every command with the function that is it, in the order and under the headings of `carepath --help`."""

from __future__ import annotations

from typing import Final

GROUPS: Final = {
    "Begin": {
        "serve": "cli.serve:serve",
        "demo": "cli.demo:demo",
        "import": "cli.import_file:import_file",
        "template": "cli.template:template",
        "mapping": "cli.mapping:app",
        "simulate": "cli.simulate:simulate_",
        "replay": "cli.replay:replay",
    },
    "Patients": {
        "list": "cli.tracking_list:list_patients",
        "due": "cli.due:due",
        "show": "cli.show:show",
        "why": "cli.why:why",
        "brief": "cli.brief:brief",
        "compare": "cli.compare:compare_",
        "asof": "cli.asof:asof",
        "difference": "cli.difference:difference",
        "find": "cli.identify:find",
        "identify": "cli.identify:identify",
    },
    "What happened": {
        "record": "cli.record:record",
        "amend": "cli.amend:amend",
        "retract": "cli.retract:retract",
        "move": "cli.move:move",
        "merge": "cli.merge:merge",
        "unmerge": "cli.merge:unmerge",
    },
    "Who does what": {
        "assign": "cli.assign:assign",
        "hand-over": "cli.hand_over:hand_over",
        "progress": "cli.task_progress:progress",
        "acknowledge": "cli.put_off:acknowledge",
        "snooze": "cli.put_off:snooze",
        "working-date": "cli.put_off:working_date",
        "pause": "cli.pause:pause",
        "resume": "cli.pause:resume",
        "comment": "cli.comment:comment",
        "comments": "cli.comment:comments",
        "board": "cli.board:app",
        "desk": "cli.desk:app",
    },
    "Reminders": {
        "inbox": "cli.inbox:inbox",
        "reminders": "cli.reminders:reminders",
        "calendar": "cli.calendar:calendar",
        "messages": "cli.messages:app",
        "channel": "cli.channel:app",
        "worker": "cli.worker:worker",
    },
    "Audit": {
        "deviations": "cli.deviations:deviations",
        "review": "cli.review:review",
        "access": "cli.access_log:access_",
        "verify": "cli.verify:verify",
        "seal": "cli.verify:seal",
        "export": "cli.export:export",
        "erase": "cli.erase:erase",
    },
    "Guidelines": {
        "pathway": "cli.pathway:app",
        "settings": "cli.setting_list:app",
        "vocabulary": "cli.vocabulary:vocabulary",
        "about": "cli.about:about",
    },
    "The database": {
        "account": "cli.account:app",
        "token": "cli.token:app",
        "rebuild": "cli.rebuild:rebuild",
        "database": "cli.database:app",
        "keys": "cli.keys:app",
        "backup": "cli.backup:backup",
        "restore": "cli.backup:restore",
        "doctor": "cli.doctor:doctor",
    },
}

COMMANDS: Final = {name: place for group in GROUPS.values() for name, place in group.items()}
