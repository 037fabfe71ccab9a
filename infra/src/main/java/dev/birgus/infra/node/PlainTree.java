package dev.birgus.infra.node;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory with all that is in it, none of it a mount and all of it ours. */
public final class PlainTree {

  private PlainTree() {}

  /** Removes it. Symbolic links are removed, never followed. What is not there is no mistake. */
  public static void remove(Path root) throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(root, new Remover());
    }
  }

  /** Removes the child of this name, as a {@link ProcessFolder.Remover}. */
  public static void remove(Path root, String name) throws IOException {
    remove(root.resolve(name));
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    private final Set<Path> opened = new HashSet<>();

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      // An archive can hold a directory that not even its owner may list or write to.
      if (!opened.add(file)) {
        throw failure;
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      Files.walkFileTree(file, this);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
