"""Quire's commands of gdb: what the kernel's tables say, in words.  Loaded by build/kernel.elf-gdb.py, inside gdb.

The kernel is only looked at: no command changes its memory or registers, so all of them work on replays, too.
"""
