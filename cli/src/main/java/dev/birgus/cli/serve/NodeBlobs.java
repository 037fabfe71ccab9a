package dev.birgus.cli.serve;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.blobs.LayeredBlobStore;
import dev.birgus.infra.blobs.SharedBlobs;
import dev.birgus.infra.blobs.SharedDirectory;
import dev.birgus.infra.blobs.s3.S3Blobs;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The blobs of a node: its own, and behind them those of other nodes, wherever that is. */
final class NodeBlobs implements AutoCloseable {

  private final DirectoryBlobStore own;
  private final Optional<SharedBlobs> shared;
  private final BlobStore all;

  private NodeBlobs(DirectoryBlobStore own, Optional<SharedBlobs> shared) {
    this.own = own;
    this.shared = shared;
    this.all = shared.isPresent() ? new LayeredBlobStore(own, shared.get()) : own;
  }

  /**
   * Opens them.
   *
   * @param folder of the node's own
   * @param environment who we are to a bucket
   */
  static NodeBlobs open(
      Path folder, BlobPlace place, Map<String, String> environment, Leases leases, Journal journal)
      throws IOException {
    var own = DirectoryBlobStore.open(folder, leases, journal);
    try {
      return new NodeBlobs(own, shared(place, environment));
    } catch (IOException | RuntimeException failed) {
      own.close();
      throw failed;
    }
  }

  private static Optional<SharedBlobs> shared(BlobPlace place, Map<String, String> environment)
      throws IOException {
    return switch (place) {
      case BlobPlace.Own() -> Optional.empty();
      case BlobPlace.Shared(var directory) -> Optional.of(SharedDirectory.open(directory));
      case BlobPlace.S3 bucket -> Optional.of(S3Blobs.open(bucket, environment));
      case BlobPlace.Peers _ ->
          throw Failure.of(
                  "not-supported-yet",
                  "blobs cannot be had from other nodes' doors yet",
                  "Use a directory that all have mounted, or a bucket.")
              .toException();
    };
  }

  /** All that the node can have. */
  BlobStore all() {
    return all;
  }

  @Override
  public void close() throws IOException {
    try (own) {
      if (shared.isPresent()) {
        shared.get().close();
      }
    }
  }
}
