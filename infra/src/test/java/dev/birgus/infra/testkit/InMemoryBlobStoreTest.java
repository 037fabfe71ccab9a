package dev.birgus.infra.testkit;

import dev.birgus.infra.blobs.BlobStore;

final class InMemoryBlobStoreTest implements BlobStoreContract {

  @Override
  public BlobStore newStore() {
    return new InMemoryBlobStore();
  }
}
