package dev.birgus.pusher.archive;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The blobs of a saved image where they are, and those that had to be made of it in a store. */
final class SavedBlobs implements BlobStore {

  private final BlobStore made;
  private final Map<Digest, SavedFiles.Piece> saved = new ConcurrentHashMap<>();

  SavedBlobs(BlobStore made) {
    this.made = made;
  }

  void add(Digest digest, SavedFiles.Piece piece) {
    saved.put(digest, piece);
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    var piece = saved.get(digest);
    return piece == null ? made.size(digest) : OptionalLong.of(piece.length());
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    var piece = saved.get(digest);
    return piece == null ? made.open(digest) : piece.open();
  }

  @Override
  public BlobWriter create() throws IOException {
    return made.create();
  }
}
