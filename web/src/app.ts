import * as Turbo from "@hotwired/turbo";
import { Application } from "@hotwired/stimulus";
import { askConfirmation } from "./confirm";
import AnswersController from "./controllers/answers_controller";
import AutosubmitController from "./controllers/autosubmit_controller";
import BoardController from "./controllers/board_controller";
import BulkController from "./controllers/bulk_controller";
import ComposerController from "./controllers/composer_controller";
import DraftController from "./controllers/draft_controller";
import FilesController from "./controllers/files_controller";
import FoldController from "./controllers/fold_controller";
import KeysController from "./controllers/keys_controller";
import LimitController from "./controllers/limit_controller";
import LooksController from "./controllers/looks_controller";
import MenuController from "./controllers/menu_controller";
import NoticeController from "./controllers/notice_controller";
import PaletteController from "./controllers/palette_controller";
import PresenceController from "./controllers/presence_controller";
import SplitController from "./controllers/split_controller";
import SubcategoryController from "./controllers/subcategory_controller";
import ToastController from "./controllers/toast_controller";
import VariablesController from "./controllers/variables_controller";
import { sweep } from "./drafts";
import { showWhatIsLeft } from "./left";
import { Live } from "./live/live";
import { stayInPlace } from "./live/stay";
import { followLooks } from "./looks";
import { tellUnsent } from "./toast";
import { noteVisits } from "./visited";

// CSS shows .needs-js and hides .no-js-only once this class is here.
document.documentElement.classList.add("js");
// Keys are named as they are on the keyboard.
document.documentElement.classList.toggle("mac", /Mac|iP/.test(navigator.platform));

Turbo.config.forms.confirm = askConfirmation;
Turbo.config.drive.progressBarDelay = 200;

const app = Application.start();
app.register("answers", AnswersController);
app.register("autosubmit", AutosubmitController);
app.register("board", BoardController);
app.register("bulk", BulkController);
app.register("composer", ComposerController);
app.register("draft", DraftController);
app.register("files", FilesController);
app.register("fold", FoldController);
app.register("keys", KeysController);
app.register("limit", LimitController);
app.register("looks", LooksController);
app.register("menu", MenuController);
app.register("notice", NoticeController);
app.register("palette", PaletteController);
app.register("presence", PresenceController);
app.register("split", SplitController);
app.register("subcategory", SubcategoryController);
app.register("toast", ToastController);
app.register("variables", VariablesController);

stayInPlace();
new Live().start();
followLooks();
noteVisits();
showWhatIsLeft();
tellUnsent();
sweep();
