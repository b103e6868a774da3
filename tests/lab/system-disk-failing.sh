#!/usr/bin/env bash
# Runs the copy of the EFI partition in content/runbooks/system-disk-failing.md on two disks in files.
#
# Debian packages: dosfstools mtools fdisk util-linux iproute2.
# The machine is not booted from the copy, and there are no EFI variables: efibootmgr is not run. The kernel of the lab does not know
# FAT, so nothing is mounted: mtools reads the files.
. "$(dirname "$0")/lib.sh"
enter "$@"
node control02 192.0.2.12
cd "$LAB"

# disk NAME: a disk in a file with an EFI partition of 64 MiB, and its loop devices in `devices`.
declare -A devices
disk() {
    truncate -s 128M "$1"
    printf 'label: gpt\nsize=64MiB, type=uefi\nsize=32MiB, type=linux\n' | sfdisk --quiet "$1"
    # The kernel of the lab may not scan partitions in files, so the partition is a device of its own.
    devices[$1]=$(losetup --find --show --offset 1048576 --sizelimit 67108864 "$1")
}
disk healthy
disk new
release() { losetup --detach "${devices[@]}" 2>/dev/null || true; }
trap 'release; power_off' EXIT
mkfs.vfat -i 1A2B3C4D "${devices[healthy]}" >/dev/null
head -c 100000 /dev/urandom >shimx64.efi
mmd -i "${devices[healthy]}" ::EFI ::EFI/debian
mcopy -i "${devices[healthy]}" shimx64.efi ::EFI/debian/

values=("HEALTHY_ESP=${devices[healthy]#/dev/}" "NEW_ESP=${devices[new]#/dev/}" "NEW_DISK=${devices[new]#/dev/}" "/dev/sda:=${devices[healthy]}")
step "Put in a new disk 6: copy the EFI partition"
run_ok control02 'dd if=/dev/<HEALTHY_ESP> of=/dev/<NEW_ESP> bs=1M conv=fsync' "${values[@]}"
expect '67108864 bytes' "$output"
run_ok control02 'lsblk -o NAME,FSTYPE,UUID,MOUNTPOINTS /dev/sda /dev/<NEW_DISK>' "${values[@]}"
expect '^2$' "$(for device in "${devices[@]}"; do blkid -p -s UUID -o value "$device"; done | grep -cx '1A2B-3C4D')"
cmp "${devices[healthy]}" "${devices[new]}"

step "The healthy disk is gone: the copy is found by its UUID, and its file system is whole"
losetup --detach "${devices[healthy]}"
unset 'devices[healthy]'
fsck.vfat -n "${devices[new]}"
mcopy -i "${devices[new]}" ::EFI/debian/shimx64.efi copied.efi
cmp shimx64.efi copied.efi
passed
