# Draw the table of tails: for each peer a line from the median to the longest cycle, time being logarithmic, with marks at
# p99 and p99.9; a panel for each size.
#
#   gnuplot -e "table='bench-tails.csv'; picture='bench-tails.svg'" plot_tails.gp
#
# shshared is thick and in black; floors are grey, because they hand over no block that anyone could free.
set datafile separator ','
if (picture[strlen(picture) - 3 : ] eq '.png') {
    set terminal pngcairo size 1500,640 font 'sans,12' background rgb 'white'
} else {
    set terminal svg size 1500,640 dynamic font 'sans-serif,13' background rgb 'white'
}
set output picture

# Each peer has the same row in all panels: the names stand in one string, each as wide as the others.
WIDTH = 64
names = ''
stats table skip 1 using (strstrt(names, strcol(1) . '  ') ? 0 : (names = names . sprintf('%-64s', strcol(1)), 0)) nooutput
row(name) = (strstrt(names, name . '  ') - 1) / WIDTH
rows = strlen(names) / WIDTH

sizes = '64 4096 1048576'
texts = '"64 B" "4 KiB" "1 MiB"'
stats table skip 1 using 2 nooutput
panels = STATS_max < 4096 ? 1 : STATS_max < 1048576 ? 2 : 3

colour(name) = name eq 'shshared' ? 0x000000 : name[1 : 6] eq 'floor:' ? 0x9a9a9a : 0x4393c3
of(size, name, figure) = column(2) == size ? figure : NaN

set logscale x
set xrange [8 : *]
set yrange [rows - 0.4 : -0.6]
set xtics ('10 µs' 10, '100 µs' 100, '1 ms' 1e3, '10 ms' 1e4, '100 ms' 1e5, '1 s' 1e6)
set ytics noenhanced
set grid xtics ytics lt 1 lc rgb '#dddddd' lw 0.7
set border 1 lc rgb '#606060'
set tics nomirror scale 0.5
unset key

set multiplot layout 1,panels margins 0.27,0.97,0.07,0.86 spacing 0.045 \
    title "Single cycles: from the median to the longest\n{/*0.85 ● half,  ▲ 99 of 100,  ■ 999 of 1,000,  × all are done within; by the clock, both processes on one core}"
do for [panel = 1 : panels] {
    size = int(word(sizes, panel))
    set title word(texts, panel)
    do for [i = 1 : rows] {
        name = names[(i - 1) * WIDTH + 1 : i * WIDTH]
        set ytics add ((panel == 1 ? name[1 : strstrt(name, '  ') - 1] : '') i - 1)
    }
    plot table skip 1 using (of(size, strcol(1), $3)):(row(strcol(1))):($6 - $3):(0):(colour(strcol(1))) \
             with vectors nohead lw 2 lc rgb variable, \
         '' skip 1 using (of(size, strcol(1), $3)):(row(strcol(1))):(strcol(1) eq 'shshared' ? $6 - $3 : NaN):(0) \
             with vectors nohead lw 4 lc rgb 0, \
         '' skip 1 using (of(size, strcol(1), $3)):(row(strcol(1))):(colour(strcol(1))) \
             with points pt 7 ps 0.8 lc rgb variable, \
         '' skip 1 using (of(size, strcol(1), $4)):(row(strcol(1))):(colour(strcol(1))) \
             with points pt 9 ps 0.8 lc rgb variable, \
         '' skip 1 using (of(size, strcol(1), $5)):(row(strcol(1))):(colour(strcol(1))) \
             with points pt 5 ps 0.7 lc rgb variable, \
         '' skip 1 using (of(size, strcol(1), $6)):(row(strcol(1))):(colour(strcol(1))) \
             with points pt 2 ps 0.7 lc rgb variable
}
unset multiplot
