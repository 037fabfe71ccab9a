package dev.birgus.planner.service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * When which entry of a table is to be looked at again. It only spares looking at all of them: an
 * appointment that has been overtaken does no harm.
 */
final class Appointments {

  private final PriorityQueue<Appointment> queue =
      new PriorityQueue<>(Comparator.comparing(Appointment::at));
  private final Set<Appointment> known = new HashSet<>();

  /** To look at this entry at this time. */
  record Appointment(Instant at, String key) {}

  /** Makes one, once. */
  void make(Instant at, String key) {
    var made = new Appointment(at, key);
    if (known.add(made)) {
      queue.add(made);
    }
  }

  /** Those whose time has come. They stay until they are kept. */
  List<Appointment> due(Instant now, int most) {
    var due = new ArrayList<Appointment>();
    while (due.size() < most && !queue.isEmpty() && !queue.peek().at().isAfter(now)) {
      due.add(queue.remove());
    }
    queue.addAll(due);
    return due;
  }

  /** Forgets those that were kept. */
  void kept(List<Appointment> appointments) {
    appointments.forEach(each -> {
      known.remove(each);
      queue.remove(each);
    });
  }
}
