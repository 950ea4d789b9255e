#!/bin/sh
# Cuts the fonts in this folder out of the full Noto fonts: what the people in ../people are spelled with, and whole
# alphabets where they are small. Needs fonttools. Usage: subset.sh FOLDER_OF_NOTO_SANS NotoSansCJK-Regular.ttc
set -eu
noto=$1
cjk=$2
here=$(dirname "$0")
latin='U+0020-007E,U+00A0-024F,U+0259,U+02BB-02BC,U+0300-0304,U+0306-030C,U+0323,U+0329,U+0331,U+0370-03FF,U+0400-045F,U+0490-0491,U+1E00-1EFF,U+2010-2015,U+2018-201E,U+2022,U+2026,U+20AC,U+2116,U+2192'

cut() { # file, output, further arguments
    in=$1 out=$2
    shift 2
    pyftsubset "$in" --output-file="$here/$out" --no-hinting --desubroutinize --notdef-outline \
        --name-IDs=0,1,2,3,4,5,6,13,14 --drop-tables+=DSIG,FFTM,meta,STAT "$@"
}

cut "$noto/NotoSans-Regular.ttf" NotoSans-Regular.ttf --unicodes="$latin" --layout-features=ccmp,mark,mkmk,kern,locl
cut "$noto/NotoSans-Bold.ttf" NotoSans-Bold.ttf --unicodes='U+0020-007E,U+00B7,U+2013' --layout-features=kern
cut "$noto/NotoSansArabic-Regular.ttf" NotoSansArabic-Regular.ttf --unicodes='U+0020,U+060C,U+061B,U+061F,U+0621-0655,U+0660-0669,U+0670-0671,U+067E,U+0686,U+06A9,U+06AF,U+06CC' --layout-features='*'
cut "$noto/NotoSansDevanagari-Regular.ttf" NotoSansDevanagari-Regular.ttf --unicodes='U+0020,U+0900-0965,U+0966-097F,U+200C-200D' --layout-features='*'
cat "$here"/../people/cn.txt "$here"/../people/jp.txt "$here"/../people/kr.txt | grep -v '^#' >"${TMPDIR:-/tmp}/cjk.txt"
cut "$cjk" NotoSansCJK-Regular.otf --font-number=0 --text-file="${TMPDIR:-/tmp}/cjk.txt" --unicodes='U+3005,U+3040-30FF' --layout-features=ccmp,locl
rm "${TMPDIR:-/tmp}/cjk.txt"
