/**
 * Who may call and read what: adding a name here is a decision. The law (tests/database/law.test.ts) compares with the
 * catalogue, and the access tests try every door. One name a line, in alphabetical order.
 */

/** Functions of schema public that everybody may call. */
export const visitorFunctions = [
  // Keep one a line.
  "cluster_reports",
  "count_notices",
  "count_persons",
  "count_reports",
  "event_closure",
  "event_counts",
  "list_notices",
  "list_persons",
  "list_reports",
  "moderation_rules",
  "near_reports",
  "newest_versions",
  "person_photo",
  "report_photo",
  "search_persons",
];

/** Functions of schema public for who has signed in. Each must refuse, or answer with nothing, who is not staff. */
export const memberFunctions = [
  // Keep one a line.
  "case_lines",
  "claim_item",
  "decide",
  "import_cases",
  "introduce_offer",
  "item_photo",
  "link_notice",
  "list_queue",
  "move_story",
  "my_membership",
  "publish_notice",
  "read_case",
  "read_queue_item",
  "read_story",
  "save_case",
  "save_notice",
  "save_story",
  "thank_for_offer",
  "unlink_notice",
];

/** Functions of schema public for the server alone. */
export const serverFunctions = [
  // Keep one a line.
  "add_note",
  "appeal_person",
  "ask_correction",
  "claim_mail",
  "confirm_follow",
  "confirm_report",
  "count_sign_in",
  "decide_queue_item",
  "delete_person",
  "delete_report",
  "describe_public",
  "edit_person",
  "edit_report",
  "extend_person",
  "extend_report",
  "find_known_persons",
  "finish_mail",
  "flag_report",
  "follow_person",
  "import_cases",
  "import_notices",
  "import_pfif",
  "import_reports",
  "keep_feed_state",
  "link_persons",
  "list_members",
  "list_queue_items",
  "live_changes",
  "mail_invitation",
  "mail_sign_in_code",
  "move_report",
  "note_feed_problem",
  "object_to_person",
  "offer_help",
  "open_event",
  "open_relay",
  "outbox_state",
  "own_person_decisions",
  "person_by_link",
  "pfif_key",
  "photo_by_link",
  "post_invented_person",
  "post_invented_story",
  "post_report",
  "prune_changes",
  "prune_outbox",
  "publish_log_heads",
  "read_correction",
  "read_log",
  "read_offer",
  "read_own_person",
  "read_own_report",
  "read_relay",
  "remove_member",
  "report_person",
  "restore_person",
  "restore_report",
  "save_member",
  "save_setting",
  "seal_expired_persons",
  "seal_expired_reports",
  "stop_follow",
  "take_report",
  "wipe_expired_offers",
  "wipe_sealed_persons",
  "wipe_sealed_reports",
  "withdraw_offer",
  "write_offer_message",
  "write_relay",
];

/** Functions of schema app that the questions of everybody lean on. */
export const visitorHelpers = [
  // Keep one a line.
  "cells_of",
  "count_cells",
  "count_closed",
  "find_candidates",
  "find_near_reports",
  "find_page",
  "find_reports",
  "interleaved",
  "metres_between",
  "metres_to",
  "notices_of",
  "only_report",
  "spread_bits",
  "text_array",
];

/** Functions of schema app that policies and functions for staff lean on, besides those above. */
export const memberHelpers = [
  // Keep one a line.
  "case_lines",
  "describe_notice",
  "has_role",
  "in_my_area",
  "log_act",
  "may_keep_case",
  "moderate_notice",
  "my_areas",
  "my_role",
  "notice_from",
  "photo_for_item",
  "read_item",
  "same_cluster",
  "save_case_parts",
  "story_class",
  "story_k",
];

/** Functions that run with other rights than who calls them; why stands beside each in its migration. */
export const definers = [
  // Keep one a line.
  "app.case_lines",
  "app.count_cells",
  "app.count_closed",
  "app.find_candidates",
  "app.find_near_reports",
  "app.find_page",
  "app.find_reports",
  "app.log_act",
  "app.my_areas",
  "app.my_role",
  "app.only_report",
  "app.photo_for_item",
  "app.read_item",
  "app.story_class",
  "app.tg_cases__log_added",
  "app.tg_cases__log_changed",
  "app.tg_decisions__apply",
  "app.tg_decisions__check",
  "app.tg_notice_links__act",
  "app.tg_notices__keep_versions",
  "app.tg_offer_threads__introduce",
  "app.tg_persons__tell_of_changes",
  "app.tg_persons__tell_of_new",
  "app.tg_queue_items__score",
  "app.tg_reports__count_changed",
  "app.tg_reports__count_gone",
  "app.tg_reports__count_new",
  "app.tg_reports__keep_version",
  "app.tg_reports__tell_of_changes",
  "app.tg_reports__tell_of_new",
  "app.tg_stories__log",
  "app.tg_thanks__settle",
];

/** Views of schema public that everybody reads. */
export const visitorViews = [
  // Keep one a line.
  "events",
  "log_acts",
  "log_heads",
  "notes",
  "notice_feeds",
  "notice_links",
  "notice_versions",
  "notices",
  "persons",
  "placeholders",
  "report_confirmations",
  "report_placeholders",
  "report_versions",
  "reports",
  "stories",
  "thanks",
  "verdicts",
];

/** Views of schema public for who has signed in; they show nothing to who is not staff. */
export const memberViews: string[] = [
  // Keep one a line.
  "cases",
  "staff_log",
  "staff_offers",
  "staff_stories",
];

/** Tables and views of schema app that the views and questions of everybody lean on. */
export const visitorTables = [
  // Keep one a line.
  "app.case_subtypes",
  "app.country_regions",
  "app.events",
  "app.log_entries",
  "app.log_heads",
  "app.moderation_decisions",
  "app.moderation_reasons",
  "app.moderation_rules",
  "app.notes",
  "app.notice_feeds",
  "app.notice_links",
  "app.notice_versions",
  "app.notices",
  "app.person_cards",
  "app.persons",
  "app.photos",
  "app.report_cards",
  "app.report_confirmations",
  "app.report_photos",
  "app.report_versions",
  "app.reports",
  "app.stories",
  "app.thanks",
  "app.verdicts",
];

/** Tables and views of schema app that members read through their policies, besides those above. */
export const memberTables = [
  // Keep one a line.
  "app.case_parties",
  "app.case_secrets",
  "app.cases",
  "app.decisions",
  "app.members",
  "app.offers",
  "app.queue_items",
  "app.sealed_texts",
  "app.story_secrets",
  "app.subject_types",
];

/** What members may write with their own session, through policies: `table verb`. Visitors write nowhere. */
export const memberWrites: string[] = [
  // Keep one a line.
  "app.case_parties delete",
  "app.case_parties insert",
  "app.case_parties update",
  "app.case_secrets insert",
  "app.case_secrets update",
  "app.cases insert",
  "app.cases update",
  "app.decisions insert",
  "app.notice_links delete",
  "app.notice_links insert",
  "app.notices insert",
  "app.notices update",
  "app.offer_threads insert",
  "app.queue_items update",
  "app.stories insert",
  "app.stories update",
  "app.story_secrets insert",
  "app.thanks insert",
];
