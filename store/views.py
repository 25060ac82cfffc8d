"""Lists that somebody keeps by a name: the filters and the order, never what was searched for."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from engine.fault import Fault
from store.errors import Refused
from store.web_tables import saved_view as views

Page = Literal["list", "deviations"]
PAGES: Final[tuple[Page, ...]] = ("list", "deviations")
MOST: Final = 30
"""Views of one page that one account keeps."""
LONGEST: Final = 60
"""Letters of a name."""
LONGEST_QUERY: Final = 2000


class View(NamedTuple):
    """One of them; `query` as it stands in the address, `first` where the page begins with it."""

    page: Page
    name: str
    query: str
    first: bool


def of(connection: Connection, account: int, page: Page | None = None) -> list[View]:
    """What an account keeps, by name; of one page or of all."""
    query = _all if page is None else _all.where(views.c.page == page)
    return [View(*row) for row in connection.execute(query, {"of": account})]


def first(connection: Connection, account: int, page: Page) -> str | None:
    """What a page begins with; None: somebody keeps no view for that."""
    return connection.execute(_first, {"of": account, "of_page": page}).scalar()


def save(connection: Connection, account: int, view: View) -> None:
    """Keep a view; one of the same name is replaced. Raises Refused."""
    check_name(view.name)
    if len(view.query) > LONGEST_QUERY:
        raise _refused("query", "These are too many filters for one view.")
    kept = connection.execute(_number, {"of": account, "of_page": view.page, "name": view.name}).scalar_one()
    if kept >= MOST:
        raise _refused("name", f"At most {MOST} views are kept: delete one first.")
    delete_one(connection, account, view.page, view.name)
    _begin_elsewhere(connection, account, view)
    connection.execute(insert(views), {"account": account, **view._asdict()})


def change(connection: Connection, account: int, page: Page, name: str, new: str, *, is_first: bool) -> bool:
    """Give a view another name, and say whether the page begins with it; False: there is none. Raises
    Refused.
    """
    check_name(new)
    there = {one.name: one for one in of(connection, account, page)}
    found = there.get(name)
    if found is None:
        return False
    if new != name and new in there:
        raise _refused("name", "Another view has this name: choose another one, or delete that view first.")
    delete_one(connection, account, page, name)
    save(connection, account, found._replace(name=new, first=is_first))
    return True


def delete_one(connection: Connection, account: int, page: Page, name: str) -> bool:
    """Keep a view no more; False: there is none."""
    return connection.execute(_delete, {"of": account, "of_page": page, "name": name}).rowcount == 1


def check_name(name: str) -> None:
    """Raises Refused for what is no name."""
    if not name.strip() or len(name) > LONGEST or not name.isprintable():
        raise _refused("name", f"A view needs a name of at most {LONGEST} letters.")


def _begin_elsewhere(connection: Connection, account: int, view: View) -> None:
    if view.first:
        connection.execute(_no_first, {"of": account, "of_page": view.page})


def _refused(field: str, told: str) -> Refused:
    return Refused([Fault(None, field, told)])


_mine = views.c.account == bindparam("of")
_of_page = views.c.page == bindparam("of_page")
_all = (
    select(*(views.c[name] for name in View._fields))
    .where(_mine)
    .order_by(views.c.page, func.lower(views.c.name), views.c.name)
)
_first = select(views.c.query).where(_mine, _of_page, views.c.first)
_number = select(func.count()).select_from(views).where(_mine, _of_page, views.c.name != bindparam("name"))
_delete = delete(views).where(_mine, _of_page, views.c.name == bindparam("name"))
_no_first = update(views).where(_mine, _of_page).values(first=False)
