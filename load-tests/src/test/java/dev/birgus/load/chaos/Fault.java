package dev.birgus.load.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What can happen to a site. */
enum Fault {
  KILL("kill -9", 8),
  FREEZE("freeze past the lease", 4),
  STOP("stop", 2),
  KILL_BROKER("kill -9 of the broker", 1),
  STOP_BROKER("stop of the broker", 1),
  FREEZE_BROKER("broker out of reach", 1),
  FULL_DISK("full disk", 1),
  JOIN_AND_LEAVE("join and leave", 1),
  OTHER_CLOCK("clock a minute off", 2),
  REPEAT("repeated and reordered deliveries", 4);

  private final String words;
  private final int share;

  Fault(String words, int share) {
    this.words = words;
    this.share = share;
  }

  String words() {
    return words;
  }

  /** As many faults as a plan wants, mixed. In a short run none comes twice. */
  static List<Fault> deck(Plan plan) {
    var random = new Random(plan.seed() + 1);
    var deck = new ArrayList<Fault>();
    while (deck.size() < plan.faults()) {
      var round = new ArrayList<Fault>();
      for (var fault : values()) {
        round.addAll(Collections.nCopies(plan.isLong() ? fault.share : 1, fault));
      }
      Collections.shuffle(round, random);
      deck.addAll(round);
    }
    return List.copyOf(deck.subList(0, plan.faults()));
  }
}
