package dev.birgus.executor.compression;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.birgus.infra.contracts.Failure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Intel's Intelligent Storage Acceleration Library, version 2, as the machine has it. */
@SuppressWarnings("restricted") // Calling a library of the machine is what this class is for.
final class IsalLibrary {

  private static final String FILE = "libisal.so.2";

  private static @Nullable IsalLibrary loaded;

  private final MethodHandle init;
  private final MethodHandle deflate;

  private IsalLibrary(SymbolLookup library) {
    var linker = Linker.nativeLinker();
    init =
        linker.downcallHandle(
            library.findOrThrow("isal_deflate_init"), FunctionDescriptor.ofVoid(ADDRESS));
    deflate =
        linker.downcallHandle(
            library.findOrThrow("isal_deflate"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
  }

  /**
   * The library, which is looked for when it is first asked for.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code isal-unavailable}
   */
  static synchronized IsalLibrary get() {
    var found = loaded;
    if (found == null) {
      found = load();
      loaded = found;
    }
    return found;
  }

  private static IsalLibrary load() {
    try {
      return new IsalLibrary(SymbolLookup.libraryLookup(FILE, Arena.global()));
    } catch (IllegalArgumentException | NoSuchElementException missing) {
      throw Failure.of(
              "isal-unavailable",
              "--gzip-engine=isal needs the library " + FILE + ", which is not on this machine",
              "Install it (libisal2 on Debian, isa-l elsewhere), or leave the flag out.")
          .toException(missing);
    }
  }

  /** Makes a stream ready for its first byte. */
  void init(MemorySegment stream) {
    try {
      init.invokeExact(stream);
    } catch (Throwable impossible) {
      throw new AssertionError("a native call threw", impossible);
    }
  }

  /** Compresses what the stream points to; 0 if that went well. */
  int deflate(MemorySegment stream) {
    try {
      return (int) deflate.invokeExact(stream);
    } catch (Throwable impossible) {
      throw new AssertionError("a native call threw", impossible);
    }
  }
}
