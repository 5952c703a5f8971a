#!/bin/sh
# Installs the Debian packages that a set-up step needs, and nothing when they are there.
#
#   tools/debian-packages.sh venv    what a bare Debian's python3 lacks for a virtual environment
#   tools/debian-packages.sh tests   LibreOffice, a Kai font and PDF tools: only tests need them
#
# Works as root, or through sudo. Anywhere else it says, in Chinese and English, what to ask an
# administrator for, and ends with 1.
set -eu

case "${1:-}" in
venv) packages="python3-venv" ;;
tests)
    # calc, writer: render and re-save workbooks and documents; python3-uno: fill them in as a
    # person would; the font: 標楷體's place is taken by TW-Kai; poppler-utils: PDF to pictures
    packages="libreoffice-calc libreoffice-writer python3-uno fonts-cns11643-kai poppler-utils"
    ;;
*)
    echo "usage: $0 venv|tests" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    if [ "$1" = tests ] && command -v soffice >/dev/null && command -v pdftoppm >/dev/null; then
        exit 0 # not Debian, but what is needed is there
    fi
    echo "這裡不是 Debian，請自行安裝相當於這些的套件：$packages" >&2
    echo "This is not Debian; please install the equivalent of: $packages" >&2
    exit 1
fi

missing=""
for package in $packages; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif ! command -v sudo >/dev/null; then
    as_root=""
elif [ -t 0 ]; then
    as_root="sudo env"
else
    as_root="sudo -n env" # nobody there to type a password
fi
if [ -z "$as_root" ]; then
    echo "缺少 Debian 套件，需要管理員權限安裝：apt-get install --no-install-recommends$missing" >&2
    echo "Debian packages are missing; as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

echo "▸ 安裝 Debian 套件… (installing Debian packages)$missing"
apt() {
    # shellcheck disable=SC2086 # words on purpose
    $as_root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
        apt-get -qq -o=Dpkg::Use-Pty=0 -o=DPkg::Lock::Timeout=300 -o=Acquire::Retries=3 "$@"
}
# apt is chatty even when quiet: its words are kept, and shown only if it fails.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # words on purpose
if ! { apt update && apt install --yes --no-install-recommends $missing; } </dev/null >"$log" 2>&1
then
    cat "$log" >&2
    echo "Debian 套件安裝失敗，原因見上。" >&2
    echo "Installing Debian packages failed; apt's words are above." >&2
    exit 1
fi
