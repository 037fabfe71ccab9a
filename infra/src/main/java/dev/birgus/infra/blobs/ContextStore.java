package dev.birgus.infra.blobs;

import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The build contexts that services of one process, or of one cluster, can see. */
public interface ContextStore {

  /**
   * Opens a context, which may have to be fetched first.
   *
   * @throws IllegalArgumentException if there is none of this name
   * @throws IOException if it cannot be fetched
   */
  Context open(ContextRef ref) throws IOException;

  /** The files of one context. */
  interface Context {

    /**
     * The entries at and below these roots, their parent directories included. A root that is not
     * there, or that the ignore file takes out, gives no entries.
     *
     * @param roots paths in the context; "" for all of it
     */
    ContextIndex index(Set<String> roots) throws IOException;

    /** The directory the index's paths are relative to. Symbolic links in it are not trusted. */
    Path directory();
  }
}
