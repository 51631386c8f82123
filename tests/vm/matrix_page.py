# SPDX-License-Identifier: MIT
"""What tests/matrix has found, as the Markdown of docs/matrix.md."""

BEGIN, END = '<!-- results: tests/matrix --page -->\n', '<!-- end of results -->\n'
VERDICTS = {'no': 'no', 'wrong': '**wrong**', 'none': '-'}


def table(heads, rows, right=()):
    """A Markdown table; columns whose heads are in `right` have numbers."""
    lines = [heads, ['---:' if head in right else '---' for head in heads], *rows]
    return ''.join('| ' + ' | '.join(map(str, line)) + ' |\n' for line in lines)


def results(rows):
    heads = {'Linux': 'kernel', 'libbcc': 'libbcc', 'tests': 'what', 'passed': 'passed',
             'of these at the second try': 'unsteady', 'failed': 'failed',
             'machine minutes': 'minutes', 'tree': 'tree'}
    return table(list(heads), [[row[key] for key in heads.values()] for row in rows],
                 right=list(heads)[3:7])


def cell(answer, notes):
    """What answered a question; what is left out, or why there is no answer, is a note."""
    note = ', '.join(answer['without'])
    if answer['verdict'] == 'yes':
        text = answer['what']
        note = note and f'without {note}'
    else:
        text, note = VERDICTS[answer['verdict']], answer['what']
    if not note:
        return text
    if note not in notes:
        notes.append(note)
    return f'{text} ({notes.index(note) + 1})'


def abilities(found):
    """A table for each tool: kernels below each other, and a column for each question."""
    text, notes = '', []
    for tool in dict.fromkeys(answer['question'].split(': ')[0]
                              for one in found for answer in one['answers']):
        heads, rows = ['Linux', 'machine', 'BTF', 'libbcc'], []
        for one in sorted(found, key=lambda one: (one['machine'] != 'x86_64', not one['btf'])):
            answers = [answer for answer in one['answers']
                       if answer['question'].startswith(tool + ': ')]
            rows.append([one['kernel'], one['machine'], 'yes' if one['btf'] else 'no',
                         one['libbcc'], *(cell(answer, notes) for answer in answers)])
            columns = [answer['question'].split(': ')[1] for answer in answers]
        text += f'\n### {tool}\n\n' + table(heads + columns, rows)
    return text + '\n' * bool(notes) + ''.join(f'{number}. {note}\n'
                                               for number, note in enumerate(notes, 1))


def write(path, kept):
    """Put all results into a page, between the two marks."""
    page = path.read_text(encoding='utf-8')
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(before + BEGIN + '\n' + results(kept['rows']) + '\n## What each tool can do\n'
                    + abilities(kept['abilities']) + '\n' + END + after, encoding='utf-8')
