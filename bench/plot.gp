# Draw the table of whole cycles: time over size, both axes logarithmic, a line for each peer.
#
#   gnuplot -e "table='bench-cycles.csv'; picture='bench.svg'" plot.gp
#
# shshared is thick and in front; floors are grey, because they hand over no block that anyone could free.
set datafile separator ','
set datafile missing NaN
if (picture[strlen(picture) - 3 : ] eq '.png') {
    set terminal pngcairo size 1100,680 font 'sans,12' background rgb 'white'
} else {
    set terminal svg size 1100,680 dynamic font 'sans-serif,13' background rgb 'white'
}
set output picture

set title "One whole cycle: allocate with a copy, tell, lock, read every byte, unlock, free, answer\n{/*0.85 median, both processes on one core; lower is better}"
set xlabel 'size of the block'
set ylabel 'time of a cycle'
set logscale xy
set xrange [48 : 400e6]
set xtics ('64 B' 64, '' 256, '1 KiB' 1024, '' 4096, '16 KiB' 16384, '' 65536, '256 KiB' 262144, '' 1048576, \
           '4 MiB' 4194304, '' 16777216, '64 MiB' 67108864, '' 268435456)
set ytics ('1 µs' 1, '10 µs' 10, '100 µs' 100, '1 ms' 1e3, '10 ms' 1e4, '100 ms' 1e5, '1 s' 1e6)
set grid xtics ytics lt 1 lc rgb '#dddddd' lw 0.7
set border 3 lc rgb '#606060'
set tics nomirror
set key outside right center reverse Left spacing 1.35 samplen 2.5

# A point of one peer; every other line of the table is a gap that the line is drawn across.
of(name) = strcol(1) eq name ? column(3) : NaN
floor = '#9a9a9a'

plot table skip 1 using 2:(of('Wine SHAllocShared')) title 'Wine SHAllocShared' with linespoints lw 1.6 pt 5 ps 0.6 lc rgb '#7b3294', \
     '' skip 1 using 2:(of('Qt QSharedMemory')) title 'QSharedMemory (Qt 6)' with linespoints lw 1.6 pt 9 ps 0.8 lc rgb '#1b7837', \
     '' skip 1 using 2:(of('APR apr_shm')) title 'APR apr\_shm' with linespoints lw 1.6 pt 11 ps 0.8 lc rgb '#e08214', \
     '' skip 1 using 2:(of('Boost object per block')) title 'Boost object per block' with linespoints lw 1.6 pt 13 ps 0.8 lc rgb '#b2182b', \
     '' skip 1 using 2:(of('raw shm_open per block')) title 'shm\_open per block' with linespoints lw 1.6 pt 4 ps 0.7 lc rgb '#2166ac', \
     '' skip 1 using 2:(of('raw memfd per block')) title 'memfd per block' with linespoints lw 1.6 pt 6 ps 0.7 lc rgb '#4393c3', \
     '' skip 1 using 2:(of('ipc-channel IpcSharedMemory per block')) title 'ipc-channel' with linespoints lw 1.2 pt 12 ps 0.7 lc rgb '#c51b7d', \
     '' skip 1 using 2:(of('System V segment per block')) title 'System V segment per block' with linespoints lw 1.6 pt 10 ps 0.7 lc rgb '#8c6d31', \
     '' skip 1 using 2:(of('process_vm_readv out of private memory')) title 'process\_vm\_readv' with linespoints lw 1.2 pt 1 ps 0.7 lc rgb '#17a2a2', \
     '' skip 1 using 2:(of('iceoryx2 publish')) title 'iceoryx2 publish, subscribe' with linespoints lw 1.2 dt 2 pt 4 ps 0.6 lc rgb '#1b7837', \
     '' skip 1 using 2:(of('iceoryx2 request')) title 'iceoryx2 request, response' with linespoints lw 1.2 dt 2 pt 6 ps 0.6 lc rgb '#5aae61', \
     '' skip 1 using 2:(of('POSIX message queue with a pool')) title 'message queue with a pool' with linespoints lw 1.2 dt 2 pt 2 ps 0.6 lc rgb '#74add1', \
     '' skip 1 using 2:(of('shshared')) title 'shshared' with linespoints lw 4 pt 7 ps 0.9 lc rgb '#000000', \
     '' skip 1 using 2:(of('Boost managed segment')) title 'Boost managed segment' with linespoints lw 1.2 dt 2 pt 8 ps 0.6 lc rgb '#f4a582', \
     '' skip 1 using 2:(of('floor: POSIX message queue')) title 'floor: POSIX message queue' with lines lw 1.4 dt 4 lc rgb floor, \
     '' skip 1 using 2:(of('floor: Unix stream socket')) title 'floor: stream socket' with lines lw 1.4 dt 5 lc rgb floor, \
     '' skip 1 using 2:(of('floor: pipe')) title 'floor: pipe' with lines lw 1.4 dt 2 lc rgb floor, \
     '' skip 1 using 2:(of('floor: memcpy in and read out of a kept mapping')) title 'floor: a mapping that both keep' with lines lw 1.6 dt 1 lc rgb floor, \
     '' skip 1 using 2:(of('floor: Wine empty pipe ping-pong')) title 'floor: empty ping-pong, Wine' with lines lw 2 dt 3 lc rgb '#9970ab', \
     '' skip 1 using 2:(of('floor: empty socket ping-pong')) title 'floor: empty ping-pong, socket' with lines lw 2 dt 3 lc rgb floor
