package dev.birgus.executor.run;

import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.Roots;
import dev.birgus.executor.run.MountPoints.Places;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the places of a command's mounts. A place that is missing is made: in the root for the time
 * of the command, in a directory mounted before where that may be written to, and by the launch
 * script where what it is in exists only later.
 */
final class TargetPlaces {

  private final FileSystem files;
  private final Roots roots;
  private final MountPoints points;
  private final Places usual;
  private final List<Placed> placed = new ArrayList<>();

  /** What the launch script has to make before it mounts. */
  enum Stub {
    NONE,
    DIRECTORY,
    FILE
  }

  /**
   * A mount and its place.
   *
   * @param place absolute in the root, without links
   */
  record Placed(Mount mount, String place, Stub stub) {}

  /**
   * Looks for places in a root.
   *
   * @param points takes what is made in the root away again
   * @param usual what every command has mounted already
   */
  TargetPlaces(FileSystem files, Roots roots, MountPoints points, Places usual) {
    this.files = files;
    this.roots = roots;
    this.points = points;
    this.usual = usual;
  }

  /**
   * The places of these mounts, in their order.
   *
   * @throws FailureException {@code mount-point} if there is none and none can be made
   */
  List<Placed> find(List<Mount> mounts) throws IOException {
    for (var mount : mounts) {
      placed.add(find(mount));
    }
    return List.copyOf(placed);
  }

  private Placed find(Mount mount) throws IOException {
    var place = files.resolve(mount.target());
    if (place.equals("/")) {
      throw refused(mount, "it leads to the root itself");
    }
    var under = under(place);
    if (under.isPresent() && under.get().place().equals(place)) {
      requireKind(mount, isDirectory(under.get().mount()));
      return new Placed(mount, place, Stub.NONE);
    }
    if (under.isPresent()) {
      return inside(mount, place, under.get());
    }
    if (isWithin(place, usual.dev())) {
      return new Placed(mount, place, isDirectory(mount) ? Stub.DIRECTORY : Stub.FILE);
    }
    if (isWithin(place, usual.proc()) || isWithin(place, usual.sys())) {
      throw refused(mount, "it is the kernel's");
    }
    prepare(mount, place, files, points);
    return new Placed(mount, place, Stub.NONE);
  }

  /** The mount that decides what is at a place: the last one at or above it. */
  private Optional<Placed> under(String place) {
    return placed.reversed().stream().filter(each -> isWithin(place, each.place())).findFirst();
  }

  private Placed inside(Mount mount, String place, Placed outer) throws IOException {
    var within = place.substring(outer.place().length());
    return switch (outer.mount()) {
      case Mount.Memory memory when memory.writable() ->
          new Placed(mount, place, isDirectory(mount) ? Stub.DIRECTORY : Stub.FILE);
      case Mount.Bound bound when bound.directory() -> {
        try (var source = roots.open(bound.source())) {
          if (!source.resolve(within).equals(within)) {
            throw refused(mount, "there is a symbolic link in what is mounted at " + outer.place());
          }
          if (!bound.writable() && source.status(within).isEmpty()) {
            throw refused(
                mount, "it is missing in what is mounted at " + outer.place() + ", read-only");
          }
          // What is made stays: it is thrown away with the source, or is part of a cache others
          // use.
          prepare(mount, within, source, MountPoints.in(source));
        }
        yield new Placed(mount, place, Stub.NONE);
      }
      case Mount.Memory _, Mount.Bound _, Mount.Content _ ->
          throw refused(mount, "nothing can be made in what is mounted at " + outer.place());
    };
  }

  private static void prepare(Mount mount, String place, FileSystem in, MountPoints points)
      throws IOException {
    var there = in.status(place).map(FileStatus::kind);
    if (there.isPresent()) {
      requireKind(mount, there.get() == Kind.DIRECTORY);
    } else if (isDirectory(mount)) {
      points.directory(place);
    } else {
      points.file(place);
    }
  }

  private static boolean isDirectory(Mount mount) {
    return switch (mount) {
      case Mount.Bound bound -> bound.directory();
      case Mount.Memory _ -> true;
      case Mount.Content _ -> false;
    };
  }

  private static void requireKind(Mount mount, boolean directory) {
    if (isDirectory(mount) != directory) {
      throw refused(
          mount, directory ? "it is a directory, and a file is mounted" : "it is not a directory");
    }
  }

  private static boolean isWithin(String place, String directory) {
    return place.equals(directory) || place.startsWith(directory + "/");
  }

  private static FailureException refused(Mount mount, String why) {
    return Failure.of(
            "mount-point",
            "cannot mount at " + mount.target() + ": " + why,
            "choose another target, or make the place before")
        .toException();
  }
}
