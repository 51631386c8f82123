/* SPDX-License-Identifier: MIT */
/* Calls getpid(2) 1000 times, as 32-bit programs do: by number 20, which is writev elsewhere. */
int main(void)
{
	for (int i = 0; i < 1000; i++) {
		long number = 20;

		__asm__ volatile("int $0x80" : "+a"(number));
	}
}
