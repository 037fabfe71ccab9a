#include <stdio.h>

int main(void) {
  puts("Hello from an image built without a daemon.");
  return 0;
}
