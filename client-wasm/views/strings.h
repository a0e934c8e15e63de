// The texts of the screens, English, in one table. Sentence case; no final period on one sentence;
// "…" when a dialog follows. Names of roles that checks and people rely on are marked: DO NOT
// RENAME.
#pragma once

#include <string_view>

namespace crm::client::strings {

// DO NOT RENAME: accessible names of the contract.
inline constexpr std::string_view kContacts = "Contacts";
inline constexpr std::string_view kSync = "Sync";
inline constexpr std::string_view kReview = "Review";
inline constexpr std::string_view kTrash = "Trash";
inline constexpr std::string_view kSettings = "Settings";
inline constexpr std::string_view kSyncNow = "Sync now";
inline constexpr std::string_view kNewContact = "New contact";
inline constexpr std::string_view kSearch = "Search contacts";
inline constexpr std::string_view kPanel = "Contact";
inline constexpr std::string_view kSave = "Save";
inline constexpr std::string_view kCancel = "Cancel";
inline constexpr std::string_view kDelete = "Delete";
inline constexpr std::string_view kUndo = "Undo";

// Frame
inline constexpr std::string_view kMainNavigation = "Main";
inline constexpr std::string_view kSearchHint = "Search name, email, phone, company…";
inline constexpr std::string_view kOffline =
    "The server cannot be reached. What you see may be out of date; the app tries again by itself";
inline constexpr std::string_view kLogo = "Contacts";

// List
inline constexpr std::string_view kAllContacts = "All contacts";
inline constexpr std::string_view kNoContacts =
    "No contacts yet. They appear here when you add one or sync";
inline constexpr std::string_view kAddFirst = "Add the first one";
inline constexpr std::string_view kNothingMatches = "Nothing matches";
inline constexpr std::string_view kClearSearch = "Clear search";
inline constexpr std::string_view kLoadAgain = "Load again";

// Many at once
inline constexpr std::string_view kSelection = "Selection";
inline constexpr std::string_view kDeleteSelected = "Delete selected";
inline constexpr std::string_view kRestoreSelected = "Restore selected";
inline constexpr std::string_view kAddTag = "Add tag…";
inline constexpr std::string_view kRemoveTag = "Remove tag…";
inline constexpr std::string_view kClearSelection = "Clear selection";
inline constexpr std::string_view kBulkDeleteHere =
    "They move to the Trash, from where you can restore them. Their records in the CRMs are "
    "deleted by the next sync.";
inline constexpr std::string_view kAddTagTitle = "Add tags";
inline constexpr std::string_view kRemoveTagTitle = "Remove tags";
inline constexpr std::string_view kTagField = "Tags";
inline constexpr std::string_view kTagHint = "Several with commas between: vip, berlin";
inline constexpr std::string_view kTagThem = "Add to selected";
inline constexpr std::string_view kUntagThem = "Remove from selected";
inline constexpr std::string_view kRefusedTitle = "Not all could be changed";

// Files
inline constexpr std::string_view kImportTitle = "Import";
inline constexpr std::string_view kImportButton = "Import…";
inline constexpr std::string_view kImportHint =
    "A CSV file (of a spreadsheet, a CRM, Google or Outlook) or vCards. Nothing is changed before "
    "you press Import, and the whole import can be undone";
inline constexpr std::string_view kChooseFile = "Choose a file…";
inline constexpr std::string_view kReadingFile = "Reading the file…";
inline constexpr std::string_view kColumnsTitle = "Columns";
inline constexpr std::string_view kColumnsHint = "Which column of the file is which field";
inline constexpr std::string_view kMatchTitle = "Who is already here is known by";
inline constexpr std::string_view kMatchEmail = "The email";
inline constexpr std::string_view kMatchPhone = "The phone";
inline constexpr std::string_view kMatchNone = "Nothing: add all of them as new contacts";
inline constexpr std::string_view kCheckTitle = "What the import would do";
inline constexpr std::string_view kDoneTitle = "Imported";
inline constexpr std::string_view kRefusedRows = "Save the refused rows";
inline constexpr std::string_view kUndoImport = "Undo this import";
inline constexpr std::string_view kExportButton = "Export…";
inline constexpr std::string_view kExportTitle = "Export the list";
inline constexpr std::string_view kExportBody =
    "Everyone that the list shows, in its order, with its search. Nothing is changed.";
inline constexpr std::string_view kExportForm = "Form";
inline constexpr std::string_view kExportCsv = "CSV, for spreadsheets";
inline constexpr std::string_view kExportCards = "vCard, for address books";
inline constexpr std::string_view kExportJson = "JSON, for programs";
inline constexpr std::string_view kExportNow = "Save the file";

// Undo of what history tells of
inline constexpr std::string_view kUndoRun = "Undo what this run changed here";
inline constexpr std::string_view kUndoTitle = "Undo these changes?";
inline constexpr std::string_view kUndoNothing = "Nothing is left of them that could be undone";
inline constexpr std::string_view kUndoNow = "Undo them";
inline constexpr std::string_view kFilterField = "Field";
inline constexpr std::string_view kFilterSystem = "Changed by";
inline constexpr std::string_view kAllFields = "All fields";
inline constexpr std::string_view kEverybody = "Everybody";
inline constexpr std::string_view kAccountPage = "Your account, people and tokens";

// Panel
inline constexpr std::string_view kClose = "Close";
inline constexpr std::string_view kBack = "Back to the list";
inline constexpr std::string_view kNewTitle = "New person";
inline constexpr std::string_view kNewHint = "A name, an email or a phone is enough";
inline constexpr std::string_view kRecentChanges = "Recent changes";
inline constexpr std::string_view kNoChanges = "No changes are recorded yet";
inline constexpr std::string_view kPanelTabs = "About this contact";
inline constexpr std::string_view kDetailsTab = "Details";
inline constexpr std::string_view kTimelineTabLabel = "Timeline";
inline constexpr std::string_view kWhyTab = "Sync";
inline constexpr std::string_view kChanges = "Changes";
inline constexpr std::string_view kSyncContact = "Sync this contact";
inline constexpr std::string_view kFrozen =
    "It keeps changing back there, so it is left alone until somebody sets it here";
inline constexpr std::string_view kMissingContact = "This contact does not exist (any more)";
inline constexpr std::string_view kInTrash = "This contact is in the Trash. Restore it to edit it";
inline constexpr std::string_view kRestore = "Restore";
inline constexpr std::string_view kSaveAgain = "Try saving again";
inline constexpr std::string_view kAskAgain = "Ask again";
inline constexpr std::string_view kUnsaved = "Not saved yet";

// Dialogs
inline constexpr std::string_view kDeleteContact = "Delete contact";
inline constexpr std::string_view kKeep = "Keep";
inline constexpr std::string_view kDeleteHere =
    "Here it moves to the Trash, from where you can restore it.";
inline constexpr std::string_view kLeaveTitle = "Leave without saving?";
inline constexpr std::string_view kLeaveBody =
    "What you typed is not saved yet. If you leave now, it is lost.";
inline constexpr std::string_view kDiscardChanges = "Discard changes";
inline constexpr std::string_view kKeepEditing = "Keep editing";
inline constexpr std::string_view kConflictTitle = "Choose what to keep";
inline constexpr std::string_view kConflictBody =
    "Somebody changed the same fields while you were typing. Nothing is overwritten until you "
    "choose.";
inline constexpr std::string_view kSaveChoice = "Save these values";
inline constexpr std::string_view kBackToForm = "Back to the form";
inline constexpr std::string_view kPaletteTitle = "Find anything";
inline constexpr std::string_view kPaletteField = "Name or command";
inline constexpr std::string_view kPaletteHint = "A name, > an action, @ a person";
inline constexpr std::string_view kPaletteList = "What fits";
inline constexpr std::string_view kHelpTitle = "Keyboard shortcuts";
inline constexpr std::string_view kHelpDone = "Done";

// Sync
inline constexpr std::string_view kNoSystems = "No CRM is connected to this server";
inline constexpr std::string_view kProblems = "Problems";
inline constexpr std::string_view kRuns = "Runs";
inline constexpr std::string_view kNoRuns = "No sync has run yet";
inline constexpr std::string_view kApprove = "Approve";
inline constexpr std::string_view kDiscard = "Discard";
inline constexpr std::string_view kPreview = "Preview changes";
inline constexpr std::string_view kPauseAll = "Pause all";
inline constexpr std::string_view kResumeAll = "Resume all";
inline constexpr std::string_view kOnlyByHand = "Runs when you press Sync now";
inline constexpr std::string_view kInSync = "in sync";
inline constexpr std::string_view kExcluded = "excluded";
inline constexpr std::string_view kFailing = "failing";
inline constexpr std::string_view kPending = "pending";
inline constexpr std::string_view kDoThisNow = "Do this now";
inline constexpr std::string_view kSeeRecords = "See every change";
inline constexpr std::string_view kRecords = "Changes";
inline constexpr std::string_view kRecordPlanned = "Planned";
inline constexpr std::string_view kRecordHeld = "Held";
inline constexpr std::string_view kRecordDone = "Done";
inline constexpr std::string_view kRecordRefused = "Refused";
inline constexpr std::string_view kRecordUnknown = "No answer yet";
inline constexpr std::string_view kRecordLater = "Later";
inline constexpr std::string_view kRecordSkipped = "Not needed";
inline constexpr std::string_view kEmptyValue = "(empty)";
inline constexpr std::string_view kStopRun = "Stop this run";
inline constexpr std::string_view kAllRuns = "All runs";
inline constexpr std::string_view kAllClear = "All clear. Nothing waits for you";
inline constexpr std::string_view kNoProblems = "No problems in the last run";

// Review
inline constexpr std::string_view kReviewTabs = "What waits";
inline constexpr std::string_view kConflicts = "Conflicts";
inline constexpr std::string_view kRecordsHeld = "Records";
inline constexpr std::string_view kPastConflicts = "Past conflicts";
inline constexpr std::string_view kReviewKeys = "J K move · 1 2 3 choose · Enter apply";
inline constexpr std::string_view kNoConflicts = "All clear. No conflict waits for you";
inline constexpr std::string_view kNoPastConflicts = "No two edits have collided yet";
inline constexpr std::string_view kNoRecordsHeld = "All clear. No record is held back";
inline constexpr std::string_view kShowMore = "Show more";
inline constexpr std::string_view kBefore = "Before";
inline constexpr std::string_view kAnotherValue = "Another value";
inline constexpr std::string_view kStandsNow = "stands now";
inline constexpr std::string_view kApply = "Apply to all systems";
inline constexpr std::string_view kSkip = "Skip";
inline constexpr std::string_view kReplaceAnyway = "Replace it anyway";
inline constexpr std::string_view kChooseValue = "Choose the value that is to stand";
inline constexpr std::string_view kLoserKept =
    "The value that is not chosen stays here under Past conflicts";
inline constexpr std::string_view kKeepApart = "Keep apart";
inline constexpr std::string_view kImport = "Import";
inline constexpr std::string_view kKeptApart = "You said that this is somebody else";
inline constexpr std::string_view kShows = "What the record shows";

// Trash
inline constexpr std::string_view kTrashEmpty = "Trash is empty";
inline constexpr std::string_view kTrashHint =
    "Deleted contacts stay here until they are purged; restoring "
    "one creates its records in the CRMs anew";
inline constexpr std::string_view kDeletedWhen = "Changed";

// Settings
inline constexpr std::string_view kAppearance = "Appearance";
inline constexpr std::string_view kTheme = "Theme";
inline constexpr std::string_view kThemeSystem = "As the system";
inline constexpr std::string_view kThemeLight = "Light";
inline constexpr std::string_view kThemeDark = "Dark";
inline constexpr std::string_view kConnections = "Connections";
inline constexpr std::string_view kConnected = "Connected";
inline constexpr std::string_view kReconnectNeeded = "Reconnect needed";
inline constexpr std::string_view kNotConnected = "Not connected";
inline constexpr std::string_view kConnectionUnknown = "Not known";
inline constexpr std::string_view kDisconnect = "Disconnect";
inline constexpr std::string_view kStayConnected = "Stay connected";
inline constexpr std::string_view kConnectBody =
    "Its own page asks who you are, and opens in a new tab. Come back here when that is done: this "
    "question goes away by itself.";
inline constexpr std::string_view kNotNow = "Not now";
inline constexpr std::string_view kAccount = "Account";
inline constexpr std::string_view kShortcuts = "Keyboard shortcuts";

// Failures
inline constexpr std::string_view kRetry = "Retry";
inline constexpr std::string_view kNotifications = "Notifications";
inline constexpr std::string_view kDismiss = "Dismiss";

}  // namespace crm::client::strings
