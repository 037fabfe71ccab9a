package dev.birgus.infra.blobs.s3;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.BulkInputStream;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Writes objects: small ones by one request, large ones in parts side by side. Parts are read from
 * the node's own store as they are sent, so memory does not grow with them; if one fails the others
 * are given up, and the server is told to forget them.
 */
final class S3Upload {

  /** Bytes of a part, but for objects of more than 10,000 of them, the most there may be. */
  static final long PART = 16L << 20;

  private static final int MOST_PARTS = 10_000;
  private static final int AT_ONCE = 4;
  private static final String TYPE = "application/octet-stream";

  private final S3Client client;
  private final String bucket;

  S3Upload(S3Client client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /** A blob of the node's own store. */
  record Content(Digest digest, long size, BlobStore own) {}

  /** Writes an object; when this returns it is there. */
  void run(String key, Content content) throws IOException {
    if (content.size() > PART) {
      parts(key, content);
      return;
    }
    try (var slice = new Slice(content, 0, content.size())) {
      client.putObject(request -> request.bucket(bucket).key(key), slice.body());
    } catch (UnreadableBlobException unreadable) {
      throw unreadable.reason();
    }
  }

  /** The node's own store cannot be read; what the SDK itself throws is about the server. */
  private static final class UnreadableBlobException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    UnreadableBlobException(IOException cause) {
      super(cause);
    }

    IOException reason() {
      return requireNonNull(getCause());
    }
  }

  private void parts(String key, Content content) throws IOException {
    var id =
        client
            .createMultipartUpload(request -> request.bucket(bucket).key(key).contentType(TYPE))
            .uploadId();
    try {
      var parts = send(key, id, content);
      client.completeMultipartUpload(request ->
          request.bucket(bucket).key(key).uploadId(id).multipartUpload(all -> all.parts(parts)));
    } catch (IOException | RuntimeException failed) {
      abort(key, id, failed);
      throw failed;
    }
  }

  private void abort(String key, String id, Exception cause) {
    // A thread that was interrupted could not even say that it gives up.
    var interrupted = Thread.interrupted();
    try {
      client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(id));
    } catch (SdkException alsoFailed) {
      cause.addSuppressed(alsoFailed);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The size of a part, so that there are not too many. */
  static long partSize(long size) {
    var least = (size + MOST_PARTS - 1) / MOST_PARTS;
    return Math.max(PART, (least + PART - 1) / PART * PART);
  }

  private List<CompletedPart> send(String key, String id, Content content) throws IOException {
    var size = partSize(content.size());
    var sending = new ArrayList<Future<CompletedPart>>();
    var threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("birgus-s3-", 0).factory());
    try (threads) {
      for (var at = 0L; at < content.size(); at += size) {
        var part = new Part(key, id, sending.size() + 1, at, Math.min(size, content.size() - at));
        sending.add(threads.submit(sent(part, content)));
      }
      var parts = new ArrayList<CompletedPart>();
      try {
        for (var each : sending) {
          parts.add(each.get());
        }
        return parts;
      } catch (ExecutionException failed) {
        threads.shutdownNow();
        throw unwrapped(failed);
      } catch (InterruptedException interrupted) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a blob was written to a bucket");
      }
    }
  }

  private record Part(String key, String id, int number, long offset, long size) {}

  private Callable<CompletedPart> sent(Part part, Content content) {
    return () -> {
      try (var slice = new Slice(content, part.offset(), part.size())) {
        var answer =
            client.uploadPart(
                request ->
                    request
                        .bucket(bucket)
                        .key(part.key())
                        .uploadId(part.id())
                        .partNumber(part.number()),
                slice.body());
        return CompletedPart.builder().partNumber(part.number()).eTag(answer.eTag()).build();
      }
    };
  }

  private static IOException unwrapped(ExecutionException failed) {
    return switch (failed.getCause()) {
      case UnreadableBlobException unreadable -> unreadable.reason();
      case IOException exception -> exception;
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case null, default -> new IOException(failed.getCause());
    };
  }

  /** A part of a blob, which is opened again for each attempt to send it. */
  private static final class Slice implements ContentStreamProvider, AutoCloseable {
    private final Content content;
    private final long offset;
    private final long size;
    private @Nullable InputStream open;

    Slice(Content content, long offset, long size) {
      this.content = content;
      this.offset = offset;
      this.size = size;
    }

    RequestBody body() {
      return RequestBody.fromContentProvider(this, size, TYPE);
    }

    @Override
    public InputStream newStream() {
      try {
        close();
        var whole = content.own().open(content.digest());
        open = whole;
        whole.skipNBytes(offset);
        return new Limited(whole, size);
      } catch (IOException unreadable) {
        throw new UnreadableBlobException(unreadable);
      }
    }

    @Override
    public void close() throws IOException {
      var last = open;
      open = null;
      if (last != null) {
        last.close();
      }
    }
  }

  private static final class Limited extends BulkInputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      var count = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
