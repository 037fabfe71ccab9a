package dev.birgus.cli.settings;

import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A root of this machine's own programs: a bash, GNU's tools, those for attributes. */
final class ToolsRoot {

  private static final String MAKE =
      """
      add() {
        for file in "$1" $(ldd "$1" 2>/dev/null | tr -s ' \\t' '\\n\\n' | grep '^/' || true); do
          case $file in *:) continue ;; esac
          if [ ! -e "root$file" ]; then
            mkdir -p "root${file%/*}"
            cp -L "$file" "root$file"
          fi
        done
      }
      mkdir -p root/usr/bin root/usr/sbin root/usr/lib root/usr/lib64 root/etc root/tmp root/root
      for link in bin sbin lib lib64; do ln -s "usr/$link" "root/$link"; done
      for tool in bash sh env cat cp mv rm ln ls mkdir chmod chown touch true sleep sort grep wc \\
        setsid nohup id setcap getcap setfattr getfattr; do
        add "$(type -P "$tool")"
      done
      chmod 1777 root/tmp
      echo 'root:x:0:0:root:/root:/bin/sh' >root/etc/passwd
      echo 'root:x:0:' >root/etc/group
      tar -C root --sort=name --numeric-owner --owner=0 --group=0 -cf tools.tar .
      rm -r root
      """;

  private ToolsRoot() {}

  /** Makes it and gives its tar. */
  static Path in(Path folder) throws IOException, InterruptedException {
    Tool.need("bash", "ldd", "setcap", "getcap", "setfattr", "getfattr", "tar");
    Tool.sh(Files.createDirectories(folder), MAKE);
    return folder.resolve("tools.tar");
  }
}
