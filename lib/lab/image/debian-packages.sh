# Functions to take packages of a Debian release apart without installing them. Sourced, with `say` defined, and `scratch`
# set to a folder that the caller removes. Nothing of the machine is read but its mirror, its proxy settings and Debian's keys.
# shellcheck shell=sh disable=SC2154 # say and scratch are the caller's

require_commands() { # command…
  missing=
  for command in "$@"; do
    command -v "$command" >/dev/null 2>&1 || missing="$missing $command"
  done
  [ -z "$missing" ] && return
  say "missing on this machine:$missing"
  say "Debian's packages are needed; run this on Debian or Ubuntu (apt and dpkg are enough, root is not needed)"
  exit 1
}

keyring() {
  for file in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
    if [ -r "$file" ]; then
      echo "$file"
      return
    fi
  done
  say "missing: Debian's signing keys; run: apt-get install debian-archive-keyring" >&2
  return 1
}

mirror() {
  # shellcheck disable=SC2016 # the dollars are apt's
  found=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 ~ /\/debian\/?$/ && $2 == "main" { print $1; exit }')
  echo "${found:-http://deb.debian.org/debian/}"
}

# apt with lists, cache and an empty status of its own, in $scratch; reads the package lists of the release.
read_lists() { # release
  keys=$(keyring) || return 1
  uri=$(mirror)
  mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" "$scratch/debs"
  : >"$scratch/status"
  cat >"$scratch/debian.sources" <<LISTS
Types: deb
URIs: $uri
Suites: $1
Components: main
Signed-By: $keys
LISTS
  cat >"$scratch/apt.conf" <<CONF
Dir::Etc::sourcelist "$scratch/debian.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$scratch";
Dir::State::lists "$scratch/lists";
Dir::State::status "$scratch/status";
Dir::Cache "$scratch/cache";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Retries "2";
Acquire::http::Timeout "20";
APT::Sandbox::User "";
APT::Install-Recommends "false";
Debug::NoLocking "true";
CONF
  say "$1: reading the package lists of $uri (about 10 MB)"
  if ! in_release apt-get update -qq -o APT::Update::Error-Mode=any >"$scratch/log" 2>&1; then
    sed 's/^/  apt: /' "$scratch/log"
    say "$1: apt could not read $uri; the network, the mirror, or an old debian-archive-keyring"
    return 1
  fi
}

in_release() { APT_CONFIG="$scratch/apt.conf" "$@"; }

# Writes name=version of all that the named packages need into the file, sorted.
resolve() { # file name…
  list=$1
  shift
  if ! in_release apt-get install --simulate -qq "$@" >"$scratch/log" 2>&1; then
    sed 's/^/  apt: /' "$scratch/log"
    say "apt could not resolve: $*"
    return 1
  fi
  awk '$1 == "Inst" { gsub(/[()]/, "", $3); print $2 "=" $3 }' "$scratch/log" | LC_ALL=C sort >"$list"
}

key_of() { sha256sum <"$1" | cut -c1-16; }

megabytes_of() { # list
  # shellcheck disable=SC2046 # a list of names
  in_release apt-cache show --no-all-versions $(cat "$1") | awk '$1 == "Size:" { n += $2 } END { printf "%d", n / 1000000 }'
}

# Downloads the packages of a list and unpacks them, without their scripts, into a tree with one /usr.
unpack() { # list tree
  rm -rf "$scratch/debs"
  mkdir -p "$scratch/debs" "$2/usr/bin" "$2/usr/sbin" "$2/usr/lib" "$2/usr/lib64"
  for folder in bin sbin lib lib64; do ln -sfn "usr/$folder" "$2/$folder"; done
  # shellcheck disable=SC2046 # a list of names
  if ! (cd "$scratch/debs" && in_release apt-get download -qq $(cat "$1") >"$scratch/log" 2>&1); then
    sed 's/^/  apt: /' "$scratch/log"
    say 'download failed'
    return 1
  fi
  for deb in "$scratch"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink --no-same-owner -C "$2" || return 1
    rm -f "$deb"
  done
  find "$2" -perm /6000 -exec chmod a-s {} +
}

# The C library's loader and its folder of libraries, of an unpacked tree, relative to it.
loader_of() { (cd "$1" && find usr/lib -maxdepth 2 -name 'ld-linux*.so.*' ! -type l | head -n 1); }
