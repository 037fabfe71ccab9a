package dev.birgus.ingest.context;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextRef;
import java.nio.file.Path;

class LocalContextStoreTest implements ContextStoreContract {

  private final LocalContextStore store = new LocalContextStore();

  @Override
  public ContextStore.Context take(Path directory, String rules) {
    return store.open(
        store.register(new ContextRef("c"), directory, ContextStoreContract.rules(rules)));
  }

  @Override
  public ContextStore store() {
    return store;
  }
}
