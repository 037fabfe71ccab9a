package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileStatus.Kind;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads the small files of a tree ahead of whoever walks through it, parents first and names in the
 * order of their bytes. A few threads read a batch each, so that waiting for a disk is shared;
 * whoever walks another way gets his files, too, only later.
 */
final class SmallFiles implements Closeable {

  private static final long LARGEST = 64 * 1024;
  private static final int BATCH_FILES = 32;
  private static final long BATCH_BYTES = 512 * 1024;
  private static final int THREADS = 4;
  private static final int AHEAD = 6;
  private static final ThreadFactory NAMED =
      Thread.ofPlatform().daemon().name("birgus-read-", 0).factory();

  private final Deque<Iterator<Node>> walk = new ArrayDeque<>();
  private final Set<Node> met = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Batch> running = new ArrayDeque<>();
  private @Nullable ExecutorService threads;

  /** The files below this directory, which nothing changes any more. */
  SmallFiles(Node root) {
    walk.push(children(root));
  }

  /** Files that are read together: what they hold, or why that cannot be known. */
  private record Batch(Set<Node> files, Future<Map<Node, Object>> contents) {}

  /** Opens a file. */
  InputStream open(Entry entry) throws IOException {
    if (!(entry instanceof Node node) || !isSmall(node)) {
      return entry.content().open();
    }
    fill();
    var batch = running.peek();
    if (batch == null || !batch.files().remove(node)) {
      return node.content().open();
    }
    if (batch.files().isEmpty()) {
      running.remove();
    }
    return switch (result(batch, node)) {
      case byte[] bytes -> new ByteArrayInputStream(bytes);
      case IOException failed -> throw failed;
      case RuntimeException failed -> throw failed;
      default -> throw new AssertionError(node);
    };
  }

  private static Object result(Batch batch, Node node) throws IOException {
    try {
      var result = batch.contents().get().remove(node);
      if (result == null) {
        throw new IllegalStateException("not read");
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while packing a layer");
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
  }

  private void fill() {
    while (running.size() < AHEAD) {
      var files = nextFiles();
      if (files.isEmpty()) {
        return;
      }
      if (threads == null) {
        threads = Executors.newFixedThreadPool(THREADS, NAMED);
      }
      Set<Node> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
      waiting.addAll(files);
      running.add(new Batch(waiting, threads.submit(() -> read(files))));
    }
  }

  private static Map<Node, Object> read(List<Node> files) {
    var contents = new IdentityHashMap<Node, Object>();
    for (var file : files) {
      try (var in = file.content().open()) {
        contents.put(file, in.readAllBytes());
      } catch (IOException | RuntimeException failed) {
        contents.put(file, failed);
      }
    }
    return contents;
  }

  private List<Node> nextFiles() {
    var files = new ArrayList<Node>(BATCH_FILES);
    var bytes = 0L;
    while (files.size() < BATCH_FILES && bytes < BATCH_BYTES) {
      var next = next();
      if (next == null) {
        break;
      }
      if (next.kind() == Kind.FILE && isSmall(next) && isFirst(next)) {
        files.add(next);
        bytes += next.content().size();
      }
    }
    return files;
  }

  private @Nullable Node next() {
    while (!walk.isEmpty() && !walk.element().hasNext()) {
      walk.pop();
    }
    if (walk.isEmpty()) {
      return null;
    }
    var node = walk.element().next();
    if (node.kind() == Kind.DIRECTORY) {
      walk.push(children(node));
    }
    return node;
  }

  private static Iterator<Node> children(Node directory) {
    return directory.sortedNames().stream()
        .map(name -> java.util.Objects.requireNonNull(directory.child(name)))
        .iterator();
  }

  /** A file with several names is read once. */
  private boolean isFirst(Node file) {
    return file.status().links() < 2 || met.add(file);
  }

  private static boolean isSmall(Node file) {
    var size = file.content().size();
    return size > 0 && size <= LARGEST;
  }

  /** Returns when nothing is read any more. */
  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
      threads.close();
    }
  }
}
