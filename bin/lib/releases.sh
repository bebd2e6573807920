# shellcheck shell=bash
clients() { die "not yet"; }
newer() { die "not yet"; }
