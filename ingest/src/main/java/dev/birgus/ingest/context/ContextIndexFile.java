package dev.birgus.ingest.context;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.oci.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What is in an unpacked context, as a file beside it: the digests of its files are computed once.
 */
final class ContextIndexFile {

  /** The first bytes of the file, with the version of what follows. */
  private static final int MAGIC = 0x62637831;

  private static final HexFormat HEX = HexFormat.of();

  private ContextIndexFile() {}

  /** Writes a new file. */
  static void write(Path file, long bytes, ContextIndex index) throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(MAGIC);
      out.writeLong(bytes);
      out.writeInt(index.excluded().size());
      for (var path : index.excluded()) {
        out.writeUTF(path);
      }
      out.writeInt(index.entries().size());
      for (var entry : index.entries()) {
        write(out, entry);
      }
    }
  }

  private static void write(DataOutputStream out, ContextEntry entry) throws IOException {
    out.writeUTF(entry.path());
    out.writeUTF(entry.kind().name());
    out.writeShort(entry.mode());
    out.writeLong(entry.size());
    out.writeLong(entry.modified());
    out.writeUTF(entry.linkTarget().orElse(""));
    switch (entry.identity()) {
      case Identity.Content(var digest) -> {
        out.writeBoolean(true);
        out.write(HEX.parseHex(digest.hex()));
      }
      case Identity.Stamp(var value) -> {
        out.writeBoolean(false);
        out.writeUTF(value);
      }
    }
  }

  /** Bytes of the content of the context's files. */
  static long bytes(Path file) throws IOException {
    try (var in = open(file)) {
      return in.readLong();
    }
  }

  /** Reads what {@link #write} wrote. */
  static ContextIndex read(Path file) throws IOException {
    try (var in = open(file)) {
      in.readLong();
      var excluded = new ArrayList<String>();
      for (var left = in.readInt(); left > 0; left--) {
        excluded.add(in.readUTF());
      }
      var entries = new ArrayList<ContextEntry>();
      for (var left = in.readInt(); left > 0; left--) {
        entries.add(entry(in));
      }
      return new ContextIndex(entries, List.copyOf(excluded));
    }
  }

  private static DataInputStream open(Path file) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    if (in.readInt() != MAGIC) {
      in.close();
      throw new IOException(file + " is no index of a build context that this version wrote");
    }
    return in;
  }

  private static ContextEntry entry(DataInputStream in) throws IOException {
    var path = in.readUTF();
    var kind = Kind.valueOf(in.readUTF());
    var mode = in.readShort();
    var size = in.readLong();
    var modified = in.readLong();
    var target = in.readUTF();
    return new ContextEntry(
        path,
        kind,
        mode,
        0,
        0,
        size,
        modified,
        kind == Kind.SYMLINK ? Optional.of(target) : Optional.empty(),
        identity(in));
  }

  private static Identity identity(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? new Identity.Content(Digest.ofSha256(in.readNBytes(32)))
        : new Identity.Stamp(in.readUTF());
  }
}
