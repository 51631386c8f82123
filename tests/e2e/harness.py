# SPDX-License-Identifier: MIT
"""What a file of tests imports; each name is explained in the file that it comes from.

  setting    paths, environment, how slow this machine is
  built      tools and helper programs, the directory for files of the tests
  process    a child process whose output is collected
  running    a running tool, a workload that waits at its gate
  marks      decorators: @each, @thorough, @essential, @unsanitized
  case       the base classes of tests
  waiting    waiting for what no descriptor tells about
  kernel_facts  what this kernel is and has

What a run has left behind is in finished_run.py, its records in records.py.
"""

from built import (HELPERS, cleanup, compile_helper, compiled, fresh_path, scratch, tool_path,
                   tools_dir, workload_path)
from case import Case, CgroupCase
from finished_run import Results, Run
from kernel_facts import cgroup_root, kernel_version
from marks import both_ways, each, essential, per_tool, thorough, unsanitized
from process import Process, Stream
from records import parse_record
from running import Tool, Workload, words
from setting import (ENVIRONMENT, HERE, MISSING, NOBODY, ROOT, SANITIZED, SLOW, TOOLS, SetupError,
                     host_compiles, many, patience, tool_environment)
from waiting import gone_pid, wait_until

__all__ = [
    "Case", "CgroupCase", "ENVIRONMENT", "HELPERS", "HERE", "MISSING", "NOBODY", "Process", "ROOT",
    "Results", "Run", "SANITIZED", "SLOW", "SetupError", "Stream", "TOOLS", "Tool", "Workload",
    "both_ways", "cgroup_root", "cleanup", "compile_helper", "compiled", "each", "essential",
    "fresh_path", "gone_pid", "host_compiles", "kernel_version", "many", "parse_record", "patience",
    "per_tool", "scratch", "thorough", "tool_environment", "tool_path", "tools_dir", "unsanitized",
    "wait_until", "words", "workload_path",
]
