i=0
while [ $i -lt 200 ]; do
	read name </etc/hostname
	i=$((i+1))
done
