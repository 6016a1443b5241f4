"""An assistant asks the user's own warehouse over stdio, with the client of the official SDK."""

import asyncio
import shutil
import sys
from pathlib import Path

import duckdb
import pytest
from mcp import Client, StdioServerParameters
from mcp.server.mcpserver.exceptions import ToolError

from pipeline.cli import mcp_server, query_apart
from pipeline.cli.mcp import mcp as mcp_command
from pipeline.errors import UsageError

pytestmark = pytest.mark.whole

PLACE = {"on": "2025-10-02", "zip_code": "94110"}

# What is asked, of one server, in this order.
CALLS = {
    "price": ("price", {"lines": ["99214-25", "20610-50"], **PLACE}),
    "deductible": (
        "price",
        {
            "lines": ["99214"],
            **PLACE,
            "is_participating": False,
            "is_assigned": False,
            "deductible_left": "100.00",
        },
    ),
    "unknown": ("price", {"lines": ["99214"], "on": "2025-10-02", "zip_code": "00000"}),
    "no_place": ("price", {"lines": ["99214"], "on": "2025-10-02", "locality": "05"}),
    "no_day": ("price", {"lines": ["99214"], "on": "yesterday", "zip_code": "94110"}),
    "fee": ("fee", {"code": "99291", **PLACE}),
    "show": ("show", {"code": "99291", **PLACE}),
    "pasted": ("show", {"code": " 99291\n", "on": "2025-10-02 ", "zip_code": " 94110"}),
    "pasted line": (
        "price",
        {"lines": [" 99214-25\u00a0"], "on": " 2025-10-02", "zip_code": "94110 "},
    ),
    "miles": ("show", {"code": "A0425", "units": 12.4}),
    "whole miles": ("show", {"code": "A0425", "units": 12}),
    "priced miles": ("price", {"lines": ["A0425:12.4"], **PLACE}),
    "parts of a visit": ("show", {"code": "99213", "units": 1.5}),
    "no_code": ("show", {"code": "ZZZZZ"}),
    "no_release": ("diff", {"before": "RVU99A", "after": "RVU99B"}),
    "query": ("query", {"sql": "select hcpcs_code from rvu order by all", "rows": 2}),
    "no number": ("query", {"sql": "select 'nan'::double, 'inf'::double, 1.5::double"}),
    "large": ("query", {"sql": "select repeat('x', 400000) as x from range(5)"}),
    "too large": ("query", {"sql": "select repeat('x', 2000000) as x"}),
    "wrong_sql": ("query", {"sql": "select nothing from rvu"}),
    **{
        f"refused {number}": ("query", {"sql": sql})
        for number, sql in enumerate(
            (
                "copy rvu to '{folder}/rvu.csv'",
                "attach '{folder}/other.duckdb'",
                "install httpfs",
                "set enable_external_access = true",
                "select 1; drop table rvu",
                "create table mine as from rvu",
                "from read_csv('{folder}/secret.csv')",
                "from read_text('/etc/passwd')",
                "from '{folder}/secret.csv'",
                "from glob('/*')",
            )
        )
    },
}


async def _ask(warehouse, folder):
    program = "from pipeline.cli import main; import sys; sys.argv = ['fees', 'mcp', '--warehouse', sys.argv[1]]; main()"
    server = StdioServerParameters(command=sys.executable, args=["-c", program, str(warehouse)])
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        given = {
            name: {
                key: value.replace("{folder}", str(folder)) if isinstance(value, str) else value
                for key, value in said.items()
            }
            for name, (_, said) in CALLS.items()
        }
        return tools, {name: await client.call_tool(CALLS[name][0], given[name]) for name in CALLS}


@pytest.fixture(scope="module")
def asked(sample_warehouse, tmp_path_factory):
    """The tools of one server and what each call gave, and a folder that no call may touch."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.csv").write_text("word\nsecret\n")
    tools, answers = asyncio.run(_ask(sample_warehouse, folder))
    assert [file.name for file in folder.iterdir()] == ["secret.csv"]
    return tools, answers


def test_tools_say_what_they_take_and_give(asked):
    tools, _ = asked
    assert [tool.name for tool in tools] == ["show", "fee", "price", "diff", "query"]
    assert all(
        tool.description and tool.output_schema and tool.annotations.read_only_hint
        for tool in tools
    )
    assert all(value.get("description") for value in tools[0].input_schema["properties"].values())


def test_price_has_release_rule_and_evidence(asked):
    first, second = asked[1]["price"].structured_content["lines"]
    assert (first["allowed_amount"], second["allowed_amount"]) == ("152.35", "116.12")
    steps = {step["rule"]: step for step in second["trace"]}
    assert "RVU25D" in steps["release"]["words"]
    assert steps["bilateral"]["evidence"] and steps["bilateral"]["source"]


def test_price_takes_the_deductible_and_an_unassigned_claim(asked):
    """Of 144.73 the patient owes 100.00 and a fifth of the rest, and up to the limiting charge beyond."""
    found = asked[1]["deductible"].structured_content
    [line] = found["lines"]
    assert (line["allowed_amount"], line["deductible_amount"]) == ("144.73", "100.00")
    assert (line["coinsurance_amount"], line["limiting_charge"]) == ("8.95", "166.44")
    assert found["assumed"] == []


def test_a_line_without_a_price_has_its_reason(asked):
    [line] = asked[1]["unknown"].structured_content["lines"]
    assert (line["allowed_amount"], line["reason"]) == (None, "zip_unknown")


def test_fee_and_show_name_the_release(asked):
    for name in ("fee", "show"):
        rows = asked[1][name].structured_content["fee"]
        assert "314.790" in {row["amount"] for row in rows}
        assert all("RVU25D" in row["release_id"] for row in rows)


def test_blanks_around_what_is_given_change_nothing(asked):
    given = {name: asked[1][name].structured_content for name in ("show", "pasted", "pasted line")}
    assert given["show"] == given["pasted"]
    assert given["pasted line"]["lines"][0]["allowed_amount"] == "152.35"


def test_miles_may_have_a_decimal(asked):
    for name, units in (("miles", "12.4"), ("whole miles", 12)):
        assert {row["units"] for row in asked[1][name].structured_content["fee"]} == {units}
    # Of 2025 no factor is known; a fraction that is not understood has another reason.
    [line] = asked[1]["priced miles"].structured_content["lines"]
    assert line["reason"] == "no_factor"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("parts of a visit", '"1.5" is no number of units; write a whole one.'),
        ("no_place", "zip_code, as in 94110, or locality with its MAC, as in 01112-05."),
        ("no_day", "is no date; write it as in 2025-10-02"),
        ("no_code", "unknown_code"),
        ("no_release", "The warehouse holds no release RVU99A"),
        ("wrong_sql", "The query was refused"),
        ("too large", "The first row has more than 1,000,000 characters; ask for less of it."),
    ],
)
def test_an_error_is_the_sentence_of_the_command(asked, call, words):
    assert asked[1][call].is_error
    assert words in asked[1][call].content[0].text


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("show", {}, "show needs the argument code (An HCPCS or CPT code, as in 99214, or with a modifier: 45378-53)."),
        ("fee", {"code": 5}, "fee takes for code a text, not 5 (An HCPCS"),
        ("fee", {"code": "99291", "date": "2022-02-02"}, "fee takes no argument date; it takes code, on, zip_code, locality, state."),
        ("fee", {"code": "99291", "on": "yesterday"}, 'on: "yesterday" is no date; write it as in 2025-10-02.'),
        ("show", {"code": "99291", "units": "three"}, 'show takes for units a number, not "three" (Also what so many units'),
        ("price", {"lines": ["99214"], **PLACE, "pos": "22"}, "price takes no argument pos; it takes lines, on, "),
        ("price", {"lines": ["99214"], **PLACE, "charge": 125.0}, "price takes for charge a text, not 125.0 (What was charged"),
        ("price", {"lines": ["99214"], **PLACE, "is_participating": "maybe"}, 'price takes for is_participating true or false, not "maybe".'),
        ("price", {"lines": ["99214"] * 101, **PLACE}, "price takes for lines a list of 1 to 100 texts, not a list of 101 (The lines"),
        ("price", {"lines": ["99214", 5], **PLACE}, "not 5 among them (The lines"),
        ("query", {"sql": "select 1", "rows": 5000}, "query takes for rows a whole number from 1 to 1000, not 5000 (At most so many rows)."),
        ("query", {"sql": "x" * 90, "rows": "x" * 90}, f'not "{"x" * 59}... (At most'),
        ("query", {"limit": 3}, "query needs the argument sql (One SELECT in DuckDB's SQL over the published tables). query takes no argument limit;"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_in_a_sentence(sample_warehouse, tool, given, words):
    with pytest.raises(ToolError) as error:
        asyncio.run(mcp_server.server_of(sample_warehouse).call_tool(tool, given))
    assert words in str(error.value)
    assert "pydantic" not in str(error.value) and "\n" not in str(error.value)


def test_a_query_gives_no_more_than_an_assistant_can_read(asked):
    found = asked[1]["large"].structured_content
    assert (len(found["rows"]), found["is_cut_off"]) == (2, True)


def test_what_json_has_no_number_for_is_a_text(asked):
    assert asked[1]["no number"].structured_content["rows"] == [["nan", "inf", 1.5]]
    assert "NaN" not in asked[1]["no number"].content[0].text


def test_a_query_gives_so_many_rows_and_says_that_there_are_more(asked):
    found = asked[1]["query"].structured_content
    assert len(found["rows"]) == 2 and found["is_cut_off"] and found["releases"]


@pytest.mark.parametrize("call", [name for name in CALLS if name.startswith("refused")])
def test_a_query_reads_and_writes_no_file(asked, call):
    assert asked[1][call].is_error
    assert "secret" not in asked[1][call].content[0].text.replace("secret.csv", "")


def test_a_query_that_takes_too_long_is_ended_and_the_next_one_answered(
    sample_warehouse, monkeypatch
):
    tools = mcp_server._Tools(sample_warehouse)
    monkeypatch.setattr(mcp_server, "MOST_SECONDS", 0.2)
    with pytest.raises(ToolError, match=r"took more than 0\.2 seconds and was ended"):
        tools.query(
            "select count(*) from range(1000000) a, range(1000000) b where a.range <> b.range"
        )
    monkeypatch.undo()
    assert tools.query("select 1 as one")["rows"] == [[1]]


@pytest.mark.parametrize(
    ("sql", "grace", "words"),
    [
        ("select range(1000000000)", 60, "took more than 1GB of memory"),
        ("select len(range(10000000)) from range(1000)", 2, r"took more than 0\.2 seconds"),
    ],
)
def test_a_query_of_one_step_that_does_not_end_is_ended(
    sample_warehouse, monkeypatch, sql, grace, words
):
    """DuckDB looks between its steps for whether it is to end, and a list is one step."""
    monkeypatch.setattr(query_apart, "GRACE", grace)
    monkeypatch.setattr(mcp_server, "MOST_SECONDS", 0.2)
    with pytest.raises(ToolError, match=words):
        mcp_server._Tools(sample_warehouse).query(sql)


def test_a_build_that_is_published_meanwhile_answers_the_next_question(sample_warehouse, tmp_path):
    database, new = tmp_path / "fee_schedule.duckdb", tmp_path / "new.duckdb"
    for copy in (database, new):
        shutil.copyfile(sample_warehouse / "fee_schedule.duckdb", copy)
    with duckdb.connect(str(new)) as con:
        con.execute("UPDATE build SET build_id = 'b0123456789abcdef'")
        con.execute("UPDATE rvu SET paid_work_rvu = 2 * paid_work_rvu WHERE hcpcs_code = '99291'")
    tools = mcp_server._Tools(tmp_path)
    asked = {"lines": ["99291"], "on": "2025-10-02", "zip_code": "94110"}
    before = tools.price(**asked)["lines"][0]["allowed_amount"]
    new.replace(database)
    assert tools.query("select build_id from build")["rows"] == [["b0123456789abcdef"]]
    assert tools.price(**asked)["lines"][0]["allowed_amount"] != before


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "pipeline.cli.mcp_server")
    for name in [x for x in sys.modules if x.partition(".")[0] in ("mcp", "mcp_types")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(UsageError, match=r"-m pip install '\.\[mcp\]'"):
        mcp_command.callback(Path("warehouse"))
