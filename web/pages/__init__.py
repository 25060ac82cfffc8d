"""The pages, a module for each family."""

from web.pages.account import PAGES as ACCOUNT
from web.pages.account_one import PAGES as ACCOUNT_ONE
from web.pages.board import PAGES as BOARD
from web.pages.board_lists import PAGES as BOARD_LISTS
from web.pages.board_live import PAGES as BOARD_LIVE
from web.pages.board_minutes import PAGES as BOARD_MINUTES
from web.pages.board_pdf import PAGES as BOARD_PDF
from web.pages.board_plan import PAGES as BOARD_PLAN
from web.pages.bulk import PAGES as BULK
from web.pages.calendars import PAGES as CALENDARS
from web.pages.deviations import PAGES as DEVIATIONS
from web.pages.deviations_evidence import PAGES as EVIDENCE
from web.pages.deviations_one import PAGES as DEVIATION
from web.pages.deviations_pdf import PAGES as DEVIATIONS_PDF
from web.pages.deviations_report import PAGES as REPORT
from web.pages.deviations_then import PAGES as REGISTER_THEN
from web.pages.factor import PAGES as FACTOR
from web.pages.glossary import PAGES as GLOSSARY
from web.pages.inbox import PAGES as INBOX
from web.pages.looks import PAGES as LOOKS
from web.pages.operations import PAGES as OPERATIONS
from web.pages.operations_channels import PAGES as OPERATIONS_CHANNELS
from web.pages.operations_desk import PAGES as OPERATIONS_DESK
from web.pages.operations_messages import PAGES as OPERATIONS_MESSAGES
from web.pages.operations_record import PAGES as OPERATIONS_RECORD
from web.pages.operations_settings import PAGES as OPERATIONS_SETTINGS
from web.pages.pathway_changes import PAGES as PATHWAY_CHANGES
from web.pages.pathway_differences import PAGES as PATHWAY_DIFFERENCES
from web.pages.pathways import PAGES as PATHWAYS
from web.pages.patient import PAGES as PATIENT
from web.pages.patient_amend import PAGES as PATIENT_AMEND
from web.pages.patient_do import PAGES as PATIENT_DO
from web.pages.patient_identity import PAGES as PATIENT_IDENTITY
from web.pages.patient_merge import PAGES as PATIENT_MERGE
from web.pages.patient_move import PAGES as PATIENT_MOVE
from web.pages.patient_new import PAGES as PATIENT_NEW
from web.pages.patient_openings import PAGES as PATIENT_OPENINGS
from web.pages.patient_papers import PAGES as PATIENT_PAPERS
from web.pages.patient_pdf import PAGES as PATIENT_PDF
from web.pages.patient_record import PAGES as PATIENT_RECORD
from web.pages.sign_in import PAGES as SIGN_IN
from web.pages.sign_in_elsewhere import PAGES as SIGN_IN_ELSEWHERE
from web.pages.tokens import PAGES as TOKENS
from web.pages.tracking import PAGES as TRACKING
from web.pages.tracking_workbook import PAGES as WORKBOOK
from web.pages.views import PAGES as VIEWS

FAMILIES = (
    SIGN_IN,
    SIGN_IN_ELSEWHERE,
    ACCOUNT,
    FACTOR,
    TOKENS,
    TRACKING,
    WORKBOOK,
    VIEWS,
    INBOX,
    CALENDARS,
    BULK,
    OPERATIONS,
    ACCOUNT_ONE,
    OPERATIONS_DESK,
    OPERATIONS_CHANNELS,
    OPERATIONS_MESSAGES,
    OPERATIONS_RECORD,
    OPERATIONS_SETTINGS,
    PATIENT_NEW,
    PATIENT,
    PATIENT_DO,
    PATIENT_RECORD,
    PATIENT_OPENINGS,
    PATIENT_IDENTITY,
    PATIENT_MERGE,
    PATIENT_MOVE,
    PATIENT_PAPERS,
    PATIENT_PDF,
    PATIENT_AMEND,
    BOARD,
    BOARD_LISTS,
    BOARD_LIVE,
    BOARD_MINUTES,
    BOARD_PDF,
    BOARD_PLAN,
    DEVIATIONS,
    DEVIATION,
    EVIDENCE,
    REPORT,
    DEVIATIONS_PDF,
    REGISTER_THEN,
    PATHWAY_DIFFERENCES,
    PATHWAY_CHANGES,
    PATHWAYS,
    GLOSSARY,
    LOOKS,
)
