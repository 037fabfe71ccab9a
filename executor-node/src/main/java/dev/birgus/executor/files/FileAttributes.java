package dev.birgus.executor.files;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a file is given beside its content.
 *
 * @param mode permission bits with setuid, setgid and sticky, 0 to 07777; not used for links
 * @param modified nanoseconds since the epoch
 * @param xattrs extended attributes by name, values as Latin-1 text, one character a byte
 */
public record FileAttributes(
    int mode, long uid, long gid, long modified, SortedMap<String, String> xattrs) {

  public FileAttributes {
    requireNonNull(xattrs, "xattrs");
    xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }
}
