"""Registers all commands; runs in gdb."""

from quire.debugger import locks, maps, pages, program, threads

for part in (maps, pages, threads, locks, program):
    part.register()
