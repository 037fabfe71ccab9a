package dev.birgus.executor.run;

import dev.birgus.executor.run.TargetPlaces.Placed;
import dev.birgus.executor.run.TargetPlaces.Stub;
import java.util.List;

/**
 * The part of the launch script that makes a command's mounts, in the command's own mount
 * namespace: whatever happens to us, they are gone with the command. Contents come in the script
 * itself, so they are in no argument list and in no file outside the namespace; the shell writes
 * them with its own {@code printf} to a file system in memory.
 */
final class MountScript {

  private static final int CHUNK = 4096;
  private static final int SLACK = 256 * 1024;

  private final StringBuilder script = new StringBuilder();

  private MountScript() {}

  /** A shell function {@code mounts} for places in {@code $root}. */
  static String of(List<Placed> mounts) {
    var part = new MountScript();
    part.script.append(
        """
        bound() {
          if [ "$3" = ro ]; then mount --bind -o ro "$1" "$root$2"; else mount --bind "$1" "$root$2"; fi
        }
        memory() { mount -t tmpfs -o "nosuid,$2" tmpfs "$root$1"; }
        content() {
          chown "$2" "$root$proc/$1" && chmod "$3" "$root$proc/$1" || return
          mount --bind -o "$5" "$root$proc/$1" "$root$4"
        }
        directory() { mkdir -p "$root$1"; }
        file() { mkdir -p "$root${1%/*}" && : >>"$root$1"; }
        mounts() {
        """);
    part.append(mounts);
    return part.script.append("}\n").toString();
  }

  private void append(List<Placed> mounts) {
    var staged = 0L;
    for (var placed : mounts) {
      if (placed.mount() instanceof Mount.Content content) {
        staged += content.bytes().length + SLACK;
      }
    }
    if (staged == 0) {
      mounts.forEach(this::append);
      script.append("  :\n");
      return;
    }
    // The command's /proc is where nobody looks meanwhile, and is itself again afterwards.
    script
        .append("  case $(type printf) in *builtin*) ;; *)\n")
        .append("    echo 'sh has no printf of its own to hand over a secret with'; return 1 ;;\n")
        .append("  esac\n")
        .append("  mount -t tmpfs -o nosuid,nodev,mode=700,size=")
        .append(staged)
        .append(" tmpfs \"$root$proc\" || return\n");
    mounts.forEach(this::append);
    script.append("  umount \"$root$proc\"\n");
  }

  private void append(Placed placed) {
    var place = LaunchScript.quoted(placed.place());
    switch (placed.stub()) {
      case Stub.NONE -> {}
      case Stub.DIRECTORY -> script.append("  directory ").append(place).append(" || return\n");
      case Stub.FILE -> script.append("  file ").append(place).append(" || return\n");
    }
    switch (placed.mount()) {
      case Mount.Bound bound ->
          script
              .append("  bound ")
              .append(LaunchScript.quoted(bound.source().toString()))
              .append(' ')
              .append(place)
              .append(bound.writable() ? " rw" : " ro");
      case Mount.Memory memory -> {
        script.append("  memory ").append(place).append(memory.writable() ? " rw" : " ro");
        memory.size().ifPresent(size -> script.append(",size=").append(size));
      }
      case Mount.Content content -> append(content, place);
    }
    script.append(" || return\n");
  }

  private void append(Mount.Content content, String place) {
    var name = "file";
    script.append("  (umask 077 && : >\"$root$proc/").append(name).append("\") || return\n");
    var bytes = content.bytes();
    for (var from = 0; from < bytes.length; from += CHUNK) {
      script.append("  printf '");
      for (var i = from; i < Math.min(bytes.length, from + CHUNK); i++) {
        append(bytes[i]);
      }
      script.append("' >>\"$root$proc/").append(name).append("\" || return\n");
    }
    script
        .append("  content ")
        .append(name)
        .append(' ')
        .append(content.uid())
        .append(':')
        .append(content.gid())
        .append(' ')
        .append(Integer.toOctalString(content.mode()))
        .append(' ')
        .append(place)
        .append(content.program() ? " ro,nosuid,nodev" : " ro,nosuid,nodev,noexec")
        .append(" && rm \"$root$proc/")
        .append(name)
        .append('"');
  }

  /** What a shell and its printf take as it is stays, the rest is written as octal digits. */
  private void append(byte value) {
    var letter = (char) (value & 0xff);
    var plain = letter >= ' ' && letter < 0x7f && letter != '\'' && letter != '\\' && letter != '%';
    if (plain) {
      script.append(letter);
    } else {
      script
          .append('\\')
          .append((char) ('0' + (letter >> 6)))
          .append((char) ('0' + ((letter >> 3) & 7)))
          .append((char) ('0' + (letter & 7)));
    }
  }
}
