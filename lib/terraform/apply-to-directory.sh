#!/bin/sh
# Applies the configuration of one device to a folder, whole or not at all.
#
#   FABRIC_NEW      the folder with the new files
#   FABRIC_TARGET   the folder of the device; made if it is not there
#
# The target holds versions/<sha256>/, the link `current` and, after the second version, the link `previous`. A version that was
# edited there is replaced by what it was. Exit status:
# 0 applied or already in place; 1 refused by a check, or the folder cannot be written; 2 nothing to apply, or another
# change is going on, or interrupted. Whatever it is but 0, the version before is still in place.
set -eu
# Otherwise `cd` might go to a folder of the same name elsewhere.
unset CDPATH

new=${FABRIC_NEW:?the folder with the new files}
target=${FABRIC_TARGET:?the folder of the device}

say() { printf '%s: %s\n' "$(basename -- "$target")" "$*"; }
fail() { say "$2" >&2; exit "$1"; }

[ -d "$new" ] || fail 2 "no folder $new: run the synthesis again"

check() {
  if [ -f "$new/frr.conf" ] && command -v vtysh >/dev/null 2>&1; then
    vtysh -C -f "$new/frr.conf" >"$stage.log" 2>&1 || fail 1 "FRR refuses frr.conf: $(cat "$stage.log")"
  fi
  if [ -f "$new/nftables.conf" ] && command -v nft >/dev/null 2>&1; then
    nft -c -f "$new/nftables.conf" >"$stage.log" 2>&1 || fail 1 "nftables refuses nftables.conf: $(cat "$stage.log")"
  fi
}

# What a folder is called: a hash of its files.
version_of() {
  (cd -- "$1" && find . -type f | LC_ALL=C sort | while IFS= read -r file; do sha256sum -- "$file"; done | sha256sum | cut -d ' ' -f 1)
}

# A link is swapped by renaming a new one over it; a reader sees the old version or the new one, nothing between.
point() {
  ln -s -- "$2" "$stage.link"
  mv -T -- "$stage.link" "$target/$1"
}

mkdir -p -- "$target/versions"
# One change at a time. The kernel lets the lock go when the program ends, however it ends.
if command -v flock >/dev/null 2>&1; then
  exec 9>"$target/lock"
  flock -n 9 || fail 2 'another change is going on'
fi

stage="$target/.new.$$"
trap 'rm -rf -- "$stage" "$stage.log" "$stage.link" "$stage.edited"' EXIT
trap 'exit 2' HUP INT TERM
# What a killed run left behind is nobody's.
rm -rf -- "$target"/.new.*

check
version=$(version_of "$new")
[ -n "$version" ] || fail 2 "cannot read $new"

applied=
if [ -L "$target/current" ]; then applied=$(readlink -- "$target/current"); fi
place=$target/versions/$version
is_whole() { [ -d "$place" ] && [ "$(version_of "$place")" = "$version" ]; }
if is_whole; then
  if [ "$applied" = "versions/$version" ]; then
    say "unchanged, $version"
    exit 0
  fi
else
  cp -R -- "$new" "$stage"
  # Folders cannot be swapped: whoever reads an edited version just now may find it gone for a moment.
  if [ -e "$place" ] || [ -L "$place" ]; then mv -T -- "$place" "$stage.edited"; fi
  mv -T -- "$stage" "$place"
fi
before=$applied
if [ "$applied" = "versions/$version" ]; then before=$(readlink -- "$target/previous" || :); fi
if [ -n "$before" ]; then point previous "$before"; fi
point current "versions/$version"

for old in "$target"/versions/*; do
  name=versions/$(basename -- "$old")
  [ "$name" = "versions/$version" ] || [ "$name" = "$before" ] || rm -rf -- "$old"
done
say "applied, $version"
