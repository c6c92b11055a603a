"""Variables of the environment in scripts of PowerShell and cmd."""

import pytest

from nhigraph.policy.scripts.windows import as_unix


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$env:A = 'x'", "export A='x'"),
        ('  ${env:A}="y" ; psql -U $env:A', '  export A="y"; psql -U ${A}'),
        ("$env:A = $env:B", "export A=${B}"),
        ("$Env:A = $b", "export A=$b"),
        ("$env:A = Get-Secret x", "export A=$(true)"),
        ("$env:A = ($b | Out-String)", "export A=$(true)"),
        ("$env:A += ';x'\nx", "export A=$(true)\nx"),
        ("if ($a) { $env:A = 'x' }", "if ($a) { ; test || export A='x'}"),
        ("if ($a)\n{\n  $env:A = 'x'\n}", "if ($a)\n{\n  test || export A='x'\n}"),
        ("if ($env:A -eq 'x') { exit 1 }", "if (${A} -eq 'x') { exit 1 }"),
        ("if ($env:A == 'x') { }", "if (${A} == 'x') { }"),
        ("$b = $env:A", "$b = ${A}"),
        ('echo "${X}"; X=y', 'echo "${X}"; X=y'),
    ],
)
def test_variables_of_powershell(written: str, expected: str) -> None:
    """A text in quotes or a variable stands; what is worked out, or perhaps set, is told so."""
    assert as_unix(written, "pwsh") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("set A=x\r\npsql -U %A%", 'export A="x"\npsql -U ${A}'),
        ('@SET "A=x y"', 'export A="x y"'),
        ("if x==y set A=z", 'if x==y ; test || export A="z"'),
        ("if x (\n  set A=z\n)", 'if x (\n  test || export A="z"\n)'),
        ("echo offset A=b", "echo offset A=b"),
    ],
)
def test_variables_of_cmd(written: str, expected: str) -> None:
    """The same of its ``set``."""
    assert as_unix(written, "cmd") == expected
