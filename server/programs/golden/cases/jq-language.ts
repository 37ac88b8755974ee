import type { Suite } from "../suite.ts";

const programs = String.raw`
[1e15,1e16,1e17,1e18,1e19,123456789012345678,1.5e300,1e-4,1e-5,0.00012345,123456.789e10,5e-324,1.7976931348623157e308,12345678901234567890123,-1.5e-10]|map(.+0)
[1.000,1,1.0e0,100000000000000000001,100000000000000000000,1.10]|.,tojson,(.[0]|tostring),map(-.),sort,(.[0]==.[1])
"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"+1
{"aaaaaaaaaaaaaaaaaa":"aaaaaaaaaaaaaaaaa"}+1
"é"*20|.+1
"\"\"\"\"\"\"\"\"\"\""+1
[range(20)]|.["abcdefghijklmnopqrstuvwxyz0123456789"]
[1,2]|implode,([65,66]|implode)
"x"|implode
[1,2,3]|.[1:"a"]
{}|.[1:2]
[1]|.[{}]
[1]|.[null]
null|.[1:2],.["a"],.[3]
[1,2,1]|.[[1]]
{a:1}|.[["a"]]
[1,2,3]|.[1.7],.[-1.2]
[1]|.[-5]=1
"abc"|.a=1
"abc"|.[1:2]="x"
5|.[0]=1
[1,2]|has("a")
[1,2]|has(0,5)
true|length
null|reverse
"abc"|reverse
1|sort
{}|sort_by(.a)
{}|tonumber
1|split(",")
1|test("a")
"a"|test(1)
[1]-1
"a"/0
1%0
5%-2,-5%3,5.9%2
[range("a")]
{}<[],{a:1}<{a:2},{a:2}<{b:1}
[{},{a:1}]|contains([{}])
1|contains("a")
{a:(1,2),b:(3,4)}
"\(1,2)-\(3,4)"
[range(0,1;3,4)]
[(1,2)+(10,20)]
[pow(2,3;1,2)]
[[1,2,3],[4,5,6]]|[.[0,1][0,1]]
reduce range(5) as $x (0;empty)
[foreach range(3) as $x (0;.+$x,10;[$x,.])]
[limit(-1;1,2)],[limit(0;1)],[first(empty)],[nth(1;1,2,3)],[until(.>5;.+1)?],isempty(empty),isempty(1,error("x"))
[1,2]|nth(-1)
nth(-1;1,2)
path(1)
1|path(tostring)
{a:1}|path(.a|tostring|.b)
{a:[1]}|path(.a|map(.)|.[0])
[1]|path(first(.[]),last(.[]),limit(1;.[]),getpath(["a"])?,(.[0]//1))
[1,[2]]|[path(..)]
{}|.a.b|=1,.a[1]=2,.["x","y"]=3,(.a,.b)=(1,2)
[1,2,3]|.[1:]|=map(.*2),(.[0,1]|=empty),(.[]|=.+1),(.[0]+=(1,2))
{a:1}|.a//=3|.b//=4
[3,1,2]|max_by(0),min_by(0)
[]|max,min,add
"abc"|.[1:],.[-1:],.[:1],.[5:]
[[1,[2]],3]|flatten(-1)
"a,b"|split(",";null)
"aAbB"|[match("[a-z]";"g")|.offset],[match("(?<x>A)|(B)";"g")]
"aé€𝒳b"|[match("b")|.offset],length,utf8bytelength,explode,(explode|implode)
"abc"|[match("";"g")|.offset],sub("";"x"),gsub("";"x"),gsub("^";"x"),[scan("")]
"test"|test("T";"xx")
"test"|test("T";"q")
"test"|test("T";1)
"aXbX"|sub("X";"1","2"),gsub("(?<l>X)";"\(.l)\(.l)"),[splits("X")],split("X";"g"),capture("(?<a>.)(?<b>Y)?")
1425599621.678|todate,(gmtime|.[0:5])
"2015-03-05T23:51:47Z"|strptime("%Y-%m-%dT%H:%M:%SZ"),fromdateiso8601,fromdate
"x"|fromdate
"x"|mktime
"x"|strftime("%Y")
[1]|mktime
"10:20 05 Mar 2015"|strptime("%H:%M %d %b %Y")|.,mktime
1|strptime("%Y")
[1,"a",null,true,1.5]|@csv,@tsv,@sh,@html,@json,@text
"a b/é"|@uri,@base64
"!!!"|@base64d
"YQ"|@base64d
[1,[2]]|@sh
[[1]]|@csv
[[1]]|@tsv
1|@tsv
[1,{"a":[2,{"b":3}]}]|[tostream],fromstream(tostream),[paths],[paths(type=="number")]
{a:[1,2]}|pick(.a[1]),del(.a[0]),del(.x),delpaths([["a",0],["a",1]]),to_entries,with_entries(.key|=ascii_upcase),map_values(length)
{a:[1,2]}|(.a|IN([1,2])),(.a|index(2)),(.a|rindex(1)),(.a|indices(2))
"a,b, cd"|index(","),rindex(","),indices(", ")
[1,2,1,2]|indices([1,2]),index([2,1])
{}|.a[2]=1
null|.[-1]=1
[1,2,3]|.[1:2]="x"
[1,2,3]|del(.["a"])
{a:1}|del(.[0])
1|del(.a)
{a:1}|delpaths(1)
{a:1}|getpath(1)
{a:1}|getpath(["a","b"])
{a:1}|setpath(["a","b"];1)
{a:1}|has(null)
[1]|from_entries
{}|map(1)
{a:1,b:2}|map(.+1),add,any,all,length,keys,(.[]|=.+1)
[[1,2],[3]]|transpose,[combinations]
[0,1]|[combinations(2)]
[1,2,3]|bsearch(2),bsearch(0),bsearch(4)
[limit(5;range(10;0;-3))],[range(0;1;0.3)],[range(5;0)],[range(2.5)]
"1 2"|tonumber
" 12 "|tonumber
"0x1"|tonumber
"nan"|tonumber
""|tonumber
"1e3"|tonumber
@json "a\([1,"x"])b",@uri "?q=\("a b")",@sh "echo \("it is")"
{"a":{"b":1}}*{"a":{"c":2}},{a:1}*{a:{b:1}}
"x" as $x|{$x,"y":1,"a b":2,@base64 "q":3,(1|tostring):4,"\($x)z":5}
{a:1} as {a:$q}|{b:2} as {$b}|{c:[1,{d:3}]} as {c:[$e,{d:$f}]}|[$q,$b,$e,$f]
{"as":1}|.as
[[1]]|.[] as [$a] ?// $a|[$a]
[1]|.[] as [$a] ?// $a|[$a]
{b:1} as {$a:[$c]} ?// {b:$d}|[$a,$c,$d]
def f:def g:3;g;f,(def h(x):x|x;2|h(.*2)),(def k($a;$b):$a+$b;k(1,2;10,20))
[2|recurse(.*.;.<100)],([{"a":[1]}|recurse]|length)
try error("\(1)") catch .,(try error({a:1}) catch .a),(error("x")?//5),(try (1,error("y"),3) catch .)
[1,2,3]|.[1:][0],first,last,(.[2:]|first),first(.[]|select(.>1)),last(range(3)),nth(2)
{}|min
1|unique
1|group_by(.)
{a:1}|unique_by(.)
{a:1}|min_by(.)
1|flatten
[1]|walk(1,2)
1|to_entries
[]|tostream
5|tostream
1|join(",")
[1,null,"a",true]|join("-")
["a"]|join(1)
["a","b"]|join(1)
1|halt_error("a")
[range(5)]|del(.[1,3]),del(.[1:3]),del(.[-1]),del(.[]|select(.>2))
1|sqrt,pow(.;2),log,floor,(3.7|trunc,round,ceil),significand,logb,frexp,modf,ldexp(.;3),(7|drem(.;3)),(10|log10,exp2,exp10),atan2(1;2),fmin(1;2),fma(1;2;3)
"a"|floor
pow("a";2)
1|explode
[1,"a"]|implode
1|utf8bytelength
1|fromjson
1|endswith("a")
"abc"|sub(1;"x")
"abc"|sub("b";1)
"abcabc"|[match("b";"g").offset],[match(["b","g"]).offset],test(["B","i"]),[scan("(a)(b)")],[scan("B";"i")],splits("b"),sub("(?<x>b)";"[\(.x)]"),gsub("b";"x";"i"),gsub("";"-"),sub("$";"!"),[match("(z)?a").captures[0].string]
"x"|test("(?<n>")
"x"|test("[")
"x"|test("*")
"x"|test(")")
"x"|test("a{2,1}")
"x"|test("\\")
"x"|test("[z-a]")
{a:1} as {a:[$x]}|$x
[1] as {a:$x}|$x
{} as {(1):$x}|$x
{("a","b"):(1,2)}
[[1]]|path(.[0]|.[]|.a?)
[1,2]|.[]+=(10,20)
[1,2]|(.[]|select(.>1))|=empty,(first(.[])|=5),(.[1:]=[9,9]),(.[-1]=4),to_entries
(1|error)?//2,((1,error("x"))//2)
[range(10)]|.[2:4]=["x"],.[:2],.[-2:],.[2:-2],.[:1.5],.[1.2:3.5]
try (try error("a") catch error("b")) catch .
[(1,2)|(3,.)|try (if .==2 then error("x") else . end) catch "c"]
.a[1:3]=["x"]
[[1,2],[3]]|.[] as [$a,$b]|{a:$a,b:$b}
. as []|1
label $f|range(10)|.,(select(.==1)|break $f)
[label $a|label $b|1,break $a,2],[range(3)|label $x|if .==1 then break $x else . end]
def f:label $out|(1,break $out,2);[f,f]
reduce . x
def
def f(
def f(a
def f(a)
. as $x
. as {a
. as {$x
try 1 catch
if 1 x
if 1 then 2 else 3 x
{a:1+2}
{a:1,b:}
{1:2}
.[]]
.[1:2
."a
.@base64
$__loc__ x
"\(1)
label $x|
f(1;
()
.a..b
{} {}
.a += 1 += 2
1,,2
map(.a
map(.a))
[.a)
select(.a == 'x')
. x
. x y
.a. 1
.a.$x
.a-b
a-b-c
{$x}
.foo|select(.x=1))
def f: g; def g: 1; f
[.[]?,1]|debug("a",.)|length
`;

/** Programs without input: \`jq -nc\`. Recorded with jq 1.7.1. */
export const suite: Suite = {
  files: {},
  cases: programs
    .trim()
    .split("\n")
    .map((program) => `jq -nc $'${program.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`),
};
