package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.memory.Entry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * The form of an index on the disk: a magic number, the entries' fields, all names, extended
 * attributes, contents that are kept, and a checksum (CRC-32C) of all that. Numbers have the most
 * significant byte first.
 */
final class IndexFile {

  /** {@code birgidx} and the version of the form. */
  private static final long MAGIC = 0x6269726769647801L;

  private static final int CHECKSUM = 4;

  private final ByteArrayOutputStream names = new ByteArrayOutputStream();
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> entryNames = new ArrayList<>();
  private final Map<Long, Integer> several = new HashMap<>();
  private final Map<Integer, SortedMap<String, String>> xattrs = new TreeMap<>();
  private final Map<Integer, byte[]> kept = new TreeMap<>();

  private IndexFile() {}

  /** Writes the index of a tree whose files are in a tar. */
  static void write(Entry root, OutputStream out) throws IOException {
    new IndexFile().writeAll(root, out);
  }

  private void writeAll(Entry root, OutputStream out) throws IOException {
    var fields = new ByteArrayOutputStream();
    entries.add(root);
    entryNames.add("");
    // A directory's entries are added when its turn comes, so they stand side by side.
    for (var i = 0; i < entries.size(); i++) {
      fields.writeBytes(fields(i));
    }
    var checksum = new CRC32C();
    var data = new DataOutputStream(new CheckedOutputStream(out, checksum));
    data.writeLong(MAGIC);
    write(data, fields);
    write(data, names);
    data.writeInt(xattrs.size());
    for (var each : xattrs.entrySet()) {
      data.writeInt(each.getKey());
      data.writeInt(each.getValue().size());
      for (var xattr : each.getValue().entrySet()) {
        write(data, FileNames.encode(xattr.getKey()));
        write(data, xattr.getValue().getBytes(ISO_8859_1));
      }
    }
    data.writeInt(kept.size());
    for (var each : kept.entrySet()) {
      data.writeInt(each.getKey());
      write(data, each.getValue());
    }
    data.flush();
    var sum = (int) checksum.getValue();
    out.write(ByteBuffer.allocate(CHECKSUM).putInt(sum).array());
  }

  private static void write(DataOutputStream data, ByteArrayOutputStream bytes) throws IOException {
    data.writeInt(bytes.size());
    bytes.writeTo(data);
  }

  private static void write(DataOutputStream data, byte[] bytes) throws IOException {
    data.writeInt(bytes.length);
    data.write(bytes);
  }

  private byte[] fields(int number) throws IOException {
    var entry = entries.get(number);
    var status = entry.status();
    var start = names.size();
    names.writeBytes(FileNames.encode(entryNames.get(number)));
    keepXattrs(number, entry.xattrs());
    var same = number;
    if (status.links() > 1 && status.kind() != Kind.DIRECTORY) {
      var first = several.putIfAbsent(status.inode(), number);
      same = first == null ? number : first;
    }
    return ByteBuffer.allocate(LayerIndex.FIELDS)
        .putInt(start)
        .putInt(what(entry, status))
        .putInt((int) status.uid())
        .putInt((int) status.gid())
        .putLong(status.modified())
        .putLong(detail(entry, status))
        .putInt(tarEntry(entry, status))
        .putInt(same)
        .array();
  }

  private void keepXattrs(int number, SortedMap<String, String> all) {
    var own = new TreeMap<>(all);
    own.keySet().removeIf(name -> !EntryWriter.isKept(name));
    if (!own.isEmpty()) {
      xattrs.put(number, own);
    }
  }

  private static int what(Entry entry, FileStatus status) throws IOException {
    return status.mode()
        | LayerIndex.KINDS.indexOf(status.kind()) << LayerIndex.KIND_SHIFT
        | (entry.isOpaque() ? LayerIndex.OPAQUE : 0)
        | (status.links() > 1 ? LayerIndex.SEVERAL_NAMES : 0);
  }

  private long detail(Entry entry, FileStatus status) throws IOException {
    return switch (status.kind()) {
      case FILE -> status.size();
      case DIRECTORY -> addEntries(entry);
      case SYMLINK -> {
        var start = names.size();
        names.writeBytes(FileNames.encode(status.linkTarget().orElseThrow()));
        yield (long) start << 32;
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE -> (long) status.major() << 32 | status.minor();
      case FIFO, SOCKET -> 0;
    };
  }

  private long addEntries(Entry directory) throws IOException {
    var first = entries.size();
    var sorted = new ArrayList<>(directory.names());
    sorted.sort(FileNames.BY_BYTES);
    for (var name : sorted) {
      var child = directory.child(name);
      if (child != null) {
        entries.add(child);
        entryNames.add(name);
      }
    }
    return (long) first << 32 | (entries.size() - first);
  }

  private int tarEntry(Entry entry, FileStatus status) throws IOException {
    if (status.kind() != Kind.FILE || !(entry.content() instanceof IndexBuilder.InTar place)) {
      return 0;
    }
    var content = place.kept();
    if (content.length > 0) {
      kept.put(place.entry(), content);
    }
    return place.entry();
  }

  /**
   * Reads an index.
   *
   * @return empty if it is damaged, or of another version
   */
  static Optional<LayerIndex> read(byte[] file, LayerIndex.Contents contents) {
    if (file.length < Long.BYTES + CHECKSUM) {
      return Optional.empty();
    }
    var checksum = new CRC32C();
    checksum.update(file, 0, file.length - CHECKSUM);
    var data = ByteBuffer.wrap(file);
    var isWhole = data.getInt(file.length - CHECKSUM) == (int) checksum.getValue();
    if (!isWhole || data.getLong() != MAGIC) {
      return Optional.empty();
    }
    try {
      var size = data.getInt();
      var fields = data.slice(data.position(), size);
      data.position(data.position() + size);
      var names = bytes(data);
      var xattrs = readXattrs(data);
      Map<Integer, byte[]> kept = new HashMap<>();
      for (var left = data.getInt(); left > 0; left--) {
        kept.put(data.getInt(), bytes(data));
      }
      return Optional.of(new LayerIndex(fields, names, xattrs, kept, contents));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<Integer, SortedMap<String, String>> readXattrs(ByteBuffer data) {
    Map<Integer, SortedMap<String, String>> all = new HashMap<>();
    for (var left = data.getInt(); left > 0; left--) {
      var entry = data.getInt();
      var own = new TreeMap<String, String>();
      for (var more = data.getInt(); more > 0; more--) {
        own.put(FileNames.decode(bytes(data)), new String(bytes(data), ISO_8859_1));
      }
      all.put(entry, own);
    }
    return all;
  }

  private static byte[] bytes(ByteBuffer data) {
    var bytes = new byte[data.getInt()];
    data.get(bytes);
    return bytes;
  }
}
