"""Kinds of mutation that damage the text of a file: bytes, lines, columns, encodings."""

from random import Random

from tests.soak.mutation.mutant import (
    FIRST,
    GPCI,
    OPPSCAP,
    PPRRVU,
    Files,
    any_file,
    cells,
    data_line,
    edit_row,
    edit_rows,
    kind,
    lines,
)


@kind("a byte flipped")
def flip_byte(rng: Random, files: Files) -> str:
    path = any_file(rng)
    data = bytearray(files[path])
    place = rng.randrange(len(data))
    data[place] ^= 1 << rng.randrange(8)
    files[path] = bytes(data)
    return f"{path}, byte {place}"


@kind("cut at a byte")
def cut_at_byte(rng: Random, files: Files) -> str:
    path = any_file(rng)
    place = rng.randrange(len(files[path]))
    files[path] = files[path][:place]
    return f"{path}, byte {place}"


@kind("cut at the end of a line")
def cut_at_line(rng: Random, files: Files) -> str:
    path = any_file(rng)
    every = lines(files[path])
    number = rng.randrange(1, len(every))
    files[path] = b"".join(every[:number])
    return f"{path}, after line {number}"


def _with_lines(files: Files, path: str, every: list[bytes]) -> None:
    files[path] = b"".join(every)


@kind("a line dropped")
def drop_line(rng: Random, files: Files) -> str:
    path = any_file(rng)
    every = lines(files[path])
    number = data_line(rng, files, path)
    del every[number]
    _with_lines(files, path, every)
    return f"{path}, line {number + 1}"


@kind("a line twice")
def repeat_line(rng: Random, files: Files) -> str:
    path = any_file(rng)
    every = lines(files[path])
    number = data_line(rng, files, path)
    every.insert(rng.randrange(FIRST[path], len(every)), every[number])
    _with_lines(files, path, every)
    return f"{path}, line {number + 1}"


@kind("two lines swapped")
def swap_lines(rng: Random, files: Files) -> str:
    path = any_file(rng)
    every = lines(files[path])
    one, another = data_line(rng, files, path), data_line(rng, files, path)
    every[one], every[another] = every[another], every[one]
    _with_lines(files, path, every)
    return f"{path}, lines {one + 1} and {another + 1}"


@kind("a foreign line between")
def insert_junk(rng: Random, files: Files) -> str:
    path = any_file(rng)
    every = lines(files[path])
    number = data_line(rng, files, path)
    every.insert(number, rng.choice((b"see the note\r\n", b"1,2,3\r\n", b"TOTAL,,,\r\n", b'"\r\n')))
    _with_lines(files, path, every)
    return f"{path}, line {number + 1}"


@kind("a blank line at the end", expect="loads")
def append_blank(rng: Random, files: Files) -> str:
    path = any_file(rng)
    files[path] += rng.choice((b"\r\n", b"\r\n\r\n", b"  \r\n"))
    return path


# ---------------------------------------------------------------- columns


@kind("a column moved")
def move_column(rng: Random, files: Files) -> str:
    path = any_file(rng)
    width = len(cells(lines(files[path])[FIRST[path]]))
    here = rng.randrange(width)
    there = rng.choice([place for place in range(width) if place != here])

    def change(row: list[str]) -> list[str]:
        row += [""] * (width - len(row))
        row.insert(there, row.pop(here))
        return row

    edit_rows(files, path, change)
    return f"{path}, column {here + 1} to {there + 1}"


@kind("a column removed")
def remove_column(rng: Random, files: Files) -> str:
    path = any_file(rng)
    here = rng.randrange(len(cells(lines(files[path])[FIRST[path]])))
    edit_rows(files, path, lambda row: row[:here] + row[here + 1 :])
    return f"{path}, column {here + 1}"


@kind("a column twice")
def repeat_column(rng: Random, files: Files) -> str:
    path = any_file(rng)
    here = rng.randrange(len(cells(lines(files[path])[FIRST[path]])))
    edit_rows(files, path, lambda row: row[: here + 1] + row[here:])
    return f"{path}, column {here + 1}"


@kind("the data of two columns swapped")
def swap_columns(rng: Random, files: Files) -> str:
    path = rng.choice((PPRRVU, GPCI, OPPSCAP))
    every = lines(files[path])
    one, another = rng.sample(range(len(cells(every[FIRST[path]]))), 2)

    def change(row: list[str]) -> None:
        row[one], row[another] = row[another], row[one]

    for number in range(FIRST[path], len(every)):
        row = cells(every[number])
        if row[0].strip() and len(row) > another and len(row) > one:
            edit_row(files, path, number, change)
    return f"{path}, columns {one + 1} and {another + 1}"


# ---------------------------------------------------------------- encodings and line ends


@kind("a UTF-8 mark in front", expect="loads")
def utf8_mark(rng: Random, files: Files) -> str:
    path = any_file(rng)
    files[path] = b"\xef\xbb\xbf" + files[path]
    return path


@kind("written as UTF-16", expect="exact")
def utf16(rng: Random, files: Files) -> str:
    path = any_file(rng)
    encoding = rng.choice(("utf-16", "utf-16-le", "utf-16-be"))
    files[path] = files[path].decode("cp1252").encode(encoding)
    return f"{path} as {encoding}"


@kind("a high byte in a cell")
def high_byte(rng: Random, files: Files) -> str:
    path = any_file(rng)
    every = lines(files[path])
    number = data_line(rng, files, path)
    place = rng.randrange(len(every[number]) - 2)
    byte = bytes([rng.randrange(0x80, 0x100)])
    every[number] = every[number][:place] + byte + every[number][place + rng.randrange(2) :]
    _with_lines(files, path, every)
    return f"{path}, line {number + 1}: {byte!r}"


@kind("a NUL byte", expect="seen")
def nul_byte(rng: Random, files: Files) -> str:
    path = any_file(rng)
    place = rng.randrange(len(files[path]))
    files[path] = files[path][:place] + b"\0" + files[path][place + rng.randrange(2) :]
    return f"{path}, byte {place}"


@kind("other line ends", expect="loads")
def line_ends(rng: Random, files: Files) -> str:
    path = any_file(rng)
    ends = rng.choice(([b"\n"], [b"\r"], [b"\r\n", b"\n", b"\r"]))
    every = [line.rstrip(b"\r\n") + rng.choice(ends) for line in lines(files[path])]
    _with_lines(files, path, every)
    return f"{path}: {ends}"


@kind("no end of the last line", expect="loads")
def no_last_end(rng: Random, files: Files) -> str:
    path = any_file(rng)
    files[path] = files[path].rstrip(b"\r\n")
    return path


# ---------------------------------------------------------------- whole files


@kind("another content under the name", expect="seen")
def other_content(rng: Random, files: Files) -> str:
    path = any_file(rng)
    page = b"<!DOCTYPE html><html><body><h1>Service unavailable</h1></body></html>\n"
    others = [data for name, data in files.items() if name != path]
    files[path] = rng.choice((b"", b"\r\n", page, *others))
    return path


@kind("a file gone", expect="seen")
def file_gone(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(files))
    del files[path]
    return path


@kind("a file twice", expect="exact")
def file_twice(rng: Random, files: Files) -> str:
    path = rng.choice(sorted(files))
    files[path.replace(".csv", "_copy.csv")] = files[path]
    return path
