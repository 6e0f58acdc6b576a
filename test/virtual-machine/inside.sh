#!/bin/sh
# The first process behind init: the file systems and the network that a machine has, then the command that run.sh left in
# /run/exchange, its output on the second serial line, its exit status in /run/exchange/status, and power off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /run/netns /run/exchange /lib/modules
mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576 exchange /run/exchange
. /run/exchange/settings
# A tree that was cloned there must be seen; then /tmp is the layer in memory, with what lies below it.
case $DIRECTORY in
  /tmp/*) ;;
  *) mount -t tmpfs tmpfs /tmp ;;
esac
# What still runs shortly before the machine is ended from outside.
(
  sleep $((LIMIT - 20))
  ps -ewwo pid,ppid,stat,wchan:25,args > /run/exchange/processes
  echo w > /proc/sysrq-trigger
) &
# `modprobe` looks there, and so does the kernel when it wants a module.
ln -s "$KERNEL/lib/modules/$(uname -r)" "/lib/modules/$(uname -r)"
hostname "$(uname -r)"
ip link set lo up
# Elsewhere udev makes /dev/net/tun, which loads it.
modprobe tun
stty -F /dev/ttyS1 raw
# A pipe between, so that no command takes the line for a terminal.
{
  cd "$DIRECTORY" && bash /run/exchange/command
  echo $? > /run/exchange/status
} < /dev/null 2>&1 | cat > /dev/ttyS1
sync
echo o > /proc/sysrq-trigger
sleep 60
