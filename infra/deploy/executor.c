/*
 * Starts birgus from a folder that has all it needs, on a machine that may have nothing else, not
 * even a shell: HOME/executor runs HOME/jre/bin/java with the options in HOME/options.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments) {
  char home[3000];
  ssize_t length = readlink("/proc/self/exe", home, sizeof home - 1);
  if (length <= 0 || length == sizeof home - 1) {
    fputs("birgus: /proc/self/exe cannot be read\n", stderr);
    return 1;
  }
  home[length] = 0;
  *strrchr(home, '/') = 0;
  char java[4000], options[4000];
  snprintf(java, sizeof java, "%s/jre/bin/java", home);
  snprintf(options, sizeof options, "@%s/options", home);
  char **command = calloc((size_t)count + 3, sizeof(char *));
  if (command == NULL || setenv("BIRGUS_HOME", home, 1) != 0) {
    perror("birgus");
    return 1;
  }
  command[0] = java;
  command[1] = options;
  command[2] = "dev.birgus.cli.Main";
  for (int i = 1; i < count; i++) {
    command[i + 2] = arguments[i];
  }
  execv(java, command);
  perror(java);
  return 1;
}
