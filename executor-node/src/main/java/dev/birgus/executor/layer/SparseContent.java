package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the content of a sparse file that is being read has its holes, as GNU tar writes it: in the
 * header and blocks after it, in records (formats 0.0 and 0.1), or before the content (1.0).
 */
final class SparseContent {

  static final String MAP = "GNU.sparse.map";
  static final String MAJOR = "GNU.sparse.major";
  static final String NAME = "GNU.sparse.name";

  private static final int BLOCK = 512;
  private static final int MOST_SEGMENTS = 1 << 19;

  private final List<Segment> segments;
  private final long size;
  private int next;
  private long position;

  /** A part of the file that is no hole. */
  private record Segment(long start, long end) {}

  /** Reads a number of a header: bytes, position and room. */
  interface Numbers {
    long at(byte[] block, int position, int room);
  }

  /** Reads the next block of 512 bytes. */
  interface Blocks {
    byte[] next() throws IOException;
  }

  private SparseContent(List<Segment> segments, long size) {
    this.segments = segments;
    this.size = size;
    var end = 0L;
    for (var segment : segments) {
      if (segment.start() < end || segment.end() < segment.start() || segment.end() > size) {
        throw TarReader.broken("the map of a sparse file is wrong");
      }
      end = segment.end();
    }
    if (size < 0) {
      throw TarReader.broken("the size of a sparse file is wrong");
    }
  }

  /** The map of an entry of type S. */
  static SparseContent ofHeader(byte[] header, Numbers numbers, Blocks blocks) throws IOException {
    var segments = new ArrayList<Segment>();
    add(header, 386, 4, numbers, segments);
    var more = header[482] != 0;
    while (more) {
      var block = blocks.next();
      add(block, 0, 21, numbers, segments);
      more = block[504] != 0;
    }
    return new SparseContent(segments, numbers.at(header, 483, 12));
  }

  /** The map in the records of an extended header. */
  static SparseContent ofRecords(Map<String, byte[]> records) {
    var segments = new ArrayList<Segment>();
    var numbers = text(records, MAP).split(",", -1);
    for (var i = 0; i + 1 < numbers.length; i += 2) {
      add(number(numbers[i]), number(numbers[i + 1]), segments);
    }
    return new SparseContent(segments, size(records, "GNU.sparse.size"));
  }

  /** The map that stands before the content: lines of decimal numbers, filled up to a block. */
  static SparseContent ofContent(Map<String, byte[]> records, Blocks blocks) throws IOException {
    if (!text(records, MAJOR).equals("1")) {
      throw TarReader.broken("a sparse file is of a format from the future");
    }
    var lines = new Lines(blocks);
    var segments = new ArrayList<Segment>();
    for (var left = lines.next(); left > 0; left--) {
      add(lines.next(), lines.next(), segments);
    }
    return new SparseContent(segments, size(records, "GNU.sparse.realsize"));
  }

  /** The size of the file, holes included. */
  long size() {
    return size;
  }

  /** How long the hole is that begins here; 0 if there is none. */
  long hole() {
    return (next < segments.size() ? segments.get(next).start() : size) - position;
  }

  /** How much content there is up to the next hole; only where there is no hole. */
  long data() {
    return next < segments.size() ? segments.get(next).end() - position : 0;
  }

  boolean isAtEnd() {
    return position == size;
  }

  /** Goes on by so many bytes, within the hole or the content that begins here. */
  void move(long count) {
    position += count;
    while (next < segments.size() && segments.get(next).end() <= position) {
      next++;
    }
  }

  private static void add(
      byte[] block, int from, int count, Numbers numbers, List<Segment> segments) {
    for (var i = 0; i < count; i++) {
      var at = from + i * 24;
      if (block[at] != 0 || block[at + 12] != 0) {
        add(numbers.at(block, at, 12), numbers.at(block, at + 12, 12), segments);
      }
    }
  }

  private static void add(long start, long length, List<Segment> segments) {
    if (start < 0 || length < 0 || start + length < start || segments.size() == MOST_SEGMENTS) {
      throw TarReader.broken("the map of a sparse file is wrong or too long");
    }
    if (length > 0) {
      segments.add(new Segment(start, start + length));
    }
  }

  private static String text(Map<String, byte[]> records, String key) {
    return new String(records.getOrDefault(key, new byte[0]), US_ASCII);
  }

  private static long size(Map<String, byte[]> records, String key) {
    return number(text(records, key));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw TarReader.broken("a number of a sparse file is none");
    }
  }

  /** Decimal numbers, each ended by a line feed. */
  private static final class Lines {
    private static final int LONGEST = 20;

    private final Blocks blocks;
    private byte[] block = new byte[0];
    private int at = BLOCK;

    Lines(Blocks blocks) {
      this.blocks = blocks;
    }

    long next() throws IOException {
      var text = new StringBuilder();
      while (true) {
        if (at == BLOCK) {
          block = blocks.next();
          at = 0;
        }
        var character = block[at++];
        if (character == '\n') {
          return number(text.toString());
        }
        if (text.length() == LONGEST) {
          throw TarReader.broken("a number of a sparse file is none");
        }
        text.append((char) character);
      }
    }
  }
}
