package dev.birgus.executor.files;

import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;

/** Mounts overlays with mount(2). */
public final class LinuxOverlays implements Overlays {

  /** The kernel takes one page of options with their ending zero. */
  private static final int OPTIONS = 4095;

  private static final long MS_RDONLY = 1;

  /**
   * What keeps the upper directory a complete difference: no renames by reference, no files without
   * content. Kernels that do not know an option have not got the feature either.
   */
  private static final List<String> FEATURES =
      List.of(
          ",redirect_dir=off,metacopy=off,index=off,xino=off",
          ",redirect_dir=off,index=off",
          ",redirect_dir=off",
          "");

  /**
   * Without it the kernel writes the whole file system to the disk when an overlay is unmounted,
   * whoever's files they are, and for every fsync of a command. Nothing of a node has to survive
   * its power failure. Since Linux 5.10.
   */
  private static final String VOLATILE = ",volatile";

  private static final String ADVICE =
      "Put the state directory on a file system that is no overlay itself, for instance on a volume"
          + " (emptyDir in Kubernetes): --state-dir or BIRGUS_STATE_DIR.";

  @Override
  public OverlayMount mount(List<Path> lower, Path work) throws IOException {
    if (lower.isEmpty()) {
      throw new IllegalArgumentException("an overlay needs a lower directory");
    }
    var upper = folder(work, "upper");
    var inner = folder(work, "work");
    var merged = folder(work, "merged");
    var writable = ",upperdir=" + escape(upper.toString()) + ",workdir=" + escape(inner.toString());
    copyAttributes(lower.getLast(), upper);
    mount(lower, merged, List.of(VOLATILE + writable, writable), 0);
    return new LinuxOverlayMount(merged, upper, List.of("work"));
  }

  /**
   * {@inheritDoc} An empty directory is put below the stack, so that the whiteouts of a layer that
   * stands alone are not seen as devices.
   */
  @Override
  public OverlayMount mountReadOnly(List<Path> lower, Path work) throws IOException {
    var empty = folder(work, "empty");
    var merged = folder(work, "merged");
    var stack = new ArrayList<Path>();
    stack.add(empty);
    stack.addAll(lower);
    mount(stack, merged, List.of(""), MS_RDONLY);
    return new LinuxOverlayMount(merged, empty, List.of());
  }

  /** The merged root has the attributes of the highest one: the image's, not our umask's. */
  private static void copyAttributes(Path from, Path to) throws IOException {
    try (var source = LinuxFileSystem.open(from);
        var target = LinuxFileSystem.open(to)) {
      var status = source.status("/").orElseThrow();
      target.setAttributes(
          "/",
          new FileAttributes(
              status.mode(),
              status.uid(),
              status.gid(),
              status.modified(),
              Collections.emptySortedMap()));
    }
  }

  private static Path folder(Path work, String name) throws IOException {
    return Files.createDirectories(work.toAbsolutePath().normalize().resolve(name));
  }

  /**
   * Mounts.
   *
   * @param ends the further options, the best ones first; all but the last may be unknown
   */
  private static void mount(List<Path> lower, Path merged, List<String> ends, long flags)
      throws IOException {
    var stack = topFirst(lower);
    var user = OverlayFormat.of(merged) == OverlayFormat.USER ? ",userxattr" : "";
    var end = ends.getFirst() + user;
    var names = new ArrayList<String>();
    for (var directory : stack) {
      names.add(escape(directory.toString()));
    }
    var open = new ArrayList<OpenFile>();
    try {
      if (size(names, end) > OPTIONS) {
        for (var directory : stack) {
          open.add(openDirectory(directory));
        }
        names.clear();
        open.forEach(directory -> names.add("/proc/self/fd/" + directory.fd()));
      }
      if (size(names, end) > OPTIONS) {
        throw Failure.of(
                "too-many-layers",
                "A stack of " + stack.size() + " layers is more than an overlay can hold.",
                "Join steps of the Dockerfile, or flatten the base image.")
            .toException();
      }
      var options = new ArrayList<String>();
      for (var feature : FEATURES) {
        for (var each : ends) {
          options.add("lowerdir=" + String.join(":", names) + feature + each + user);
        }
      }
      mount(options, merged, flags, stack);
    } finally {
      open.forEach(OpenFile::close);
    }
  }

  private static int size(List<String> names, String end) {
    var options = "lowerdir=" + String.join(":", names) + FEATURES.getFirst() + end;
    return options.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Mounts with the first of these options the kernel knows. */
  private static void mount(List<String> options, Path merged, long flags, List<Path> stack)
      throws IOException {
    var target = FileNames.encode(merged.toString());
    var result = -Errno.EINVAL;
    for (var each : options) {
      result = Linux.mount("overlay", target, "overlay", flags, FileNames.encode(each));
      if (result != -Errno.EINVAL) {
        break;
      }
    }
    if (result < 0) {
      throw refused(-result, merged, stack);
    }
  }

  private static RuntimeException refused(int error, Path merged, List<Path> stack) {
    var advice =
        switch (error) {
          case Errno.EINVAL -> ADVICE;
          case Errno.EPERM, Errno.EACCES ->
              "Mounting needs root in its own user namespace, or CAP_SYS_ADMIN, and a security"
                  + " profile that allows mount.";
          case Errno.ENODEV -> "Load the kernel's module: modprobe overlay.";
          default -> "";
        };
    var message =
        "The kernel refused to mount an overlay of "
            + stack.size()
            + " layers at "
            + merged
            + ": "
            + Errno.reason(error)
            + ".";
    return Failure.of("overlay-refused", message, advice).toException();
  }

  /**
   * Overlays name the top first, and refuse a directory that comes twice: all that the lower place
   * of the two gives, the upper one gives as well.
   */
  private static List<Path> topFirst(List<Path> lower) {
    var seen = new LinkedHashSet<Path>();
    for (var directory : lower.reversed()) {
      seen.add(directory.toAbsolutePath().normalize());
    }
    return List.copyOf(seen);
  }

  private static OpenFile openDirectory(Path directory) throws IOException {
    var path = FileNames.encode(directory.toString());
    var fd = Linux.open(Linux.AT_FDCWD, path, Linux.O_PATH | Linux.O_DIRECTORY);
    return new OpenFile(LinuxFileSystem.check(fd, directory.toString()));
  }

  private static String escape(String path) {
    return path.replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:");
  }
}
