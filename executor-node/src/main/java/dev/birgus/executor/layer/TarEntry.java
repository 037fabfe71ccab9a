package dev.birgus.executor.layer;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of a tar's entry.
 *
 * @param name as it stands in the tar, bytes that are not UTF-8 as {@link
 *     dev.birgus.executor.files.FileNames} has them; never empty
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777
 * @param size bytes of content that follow; 0 for all but files
 * @param seconds time of the last change since the epoch
 * @param link what a symbolic link says or which entry a hard link is another name of, else empty
 * @param major device number of a device, else 0
 * @param minor device number of a device, else 0
 * @param xattrs extended attributes, values as Latin-1 text
 */
public record TarEntry(
    String name,
    Type type,
    int mode,
    long uid,
    long gid,
    long size,
    long seconds,
    String link,
    int major,
    int minor,
    SortedMap<String, String> xattrs) {

  /** Kinds of entries, with the letter of the header. */
  public enum Type {
    FILE('0'),
    HARD_LINK('1'),
    SYMLINK('2'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    DIRECTORY('5'),
    FIFO('6');

    private final char flag;

    Type(char flag) {
      this.flag = flag;
    }

    char flag() {
      return flag;
    }
  }

  public TarEntry {
    requireNonNull(type, "type");
    requireNonNull(link, "link");
    xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an entry without a name");
    }
    if (mode < 0 || mode > 07777 || uid < 0 || gid < 0 || size < 0 || major < 0 || minor < 0) {
      throw new IllegalArgumentException("a number out of range: " + name);
    }
    if (size > 0 && type != Type.FILE) {
      throw new IllegalArgumentException("content in what is no file: " + name);
    }
  }

  /** An empty file with mode 0, owner root and no link, as whiteouts are. */
  public static TarEntry empty(String name, long seconds) {
    return new TarEntry(
        name, Type.FILE, 0, 0, 0, 0, seconds, "", 0, 0, Collections.emptySortedMap());
  }
}
