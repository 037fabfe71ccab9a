package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import java.util.List;

/** What a source of COPY or ADD comes to in a context. */
sealed interface Selection {

  /**
   * The files are known.
   *
   * @param paths in the index
   * @param read every entry the result depends on, those of the paths and all below them
   */
  record Selected(List<String> paths, List<ContextEntry> read) implements Selection {
    public Selected {
      paths = List.copyOf(paths);
      read = List.copyOf(read);
    }
  }

  /** More of the context has to be known first. */
  record Unknown(String root) implements Selection {}

  /**
   * There is no such file.
   *
   * @param advice says why, or what else there is
   */
  record Nothing(String advice) implements Selection {}
}
